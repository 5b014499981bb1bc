"""The headers every answer carries, and the Host names this server answers to."""

import re
from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest

from kg.settings import Settings

# Names a browser on this machine uses; a rebound DNS name is none of them.
LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
WILDCARDS: Final = ("", "0.0.0.0", "::", "[::]")  # noqa: S104  named here to be left out, not to listen on

# Nothing from another origin, no frame, no inline script or style. What a browser keeps of a page may be shown again
# with the headers of a later answer, so only a page that is never kept has a nonce (see `with_nonce`).
CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# The name of a built file holds the hash of its content, so it never changes.
HASHED: Final = "/static/built/"
# Other sites' pages may ask the endpoint, without anybody's credentials.
SHARED_PATHS: Final = ("/sparql",)
CROSS_ORIGIN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Retry-After",
}
PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Max-Age": "86400",
}
# A name or a bracketed IPv6 address, then perhaps a port.
HOST: Final = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]+)(?::\d*)?")


def with_nonce(response: Response, nonce: str) -> Response:
    """Let styles with this nonce in, for an editor that makes its own; the answer is not to be kept."""
    policy = CONTENT_SECURITY_POLICY.replace("style-src 'self'", f"style-src 'self' 'nonce-{nonce}'")
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "no-store"
    return response


def trusted_hosts(settings: Settings) -> frozenset[str]:
    """The Host names that pass: this machine's own, the one we listen on, and the configured ones."""
    listening = () if settings.host in WILDCARDS else (settings.host,)
    return frozenset((*LOOPBACK, *map(_bracketed, (*listening, *settings.hosts))))


def add_to(app: Flask, settings: Settings) -> None:
    """Have `app` refuse foreign Host names, and every answer, failures too, carry the headers above."""
    trusted = trusted_hosts(settings)

    # Ours and not the framework's check, which compares case and knows no bracketed addresses.
    @app.before_request
    def check_host() -> None:
        found = HOST.fullmatch(request.headers.get("Host", "").lower())
        if found is None or found[1] not in trusted:
            raise BadRequest("This server does not answer to that Host name; PLANGRAPH_HOSTS adds names.")

    @app.after_request
    def complete(response: Response) -> Response:
        for name, value in SECURITY.items():
            response.headers.setdefault(name, value)
        if request.path.startswith(HASHED):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        if request.path in SHARED_PATHS:
            response.headers.update(CROSS_ORIGIN)
            if request.method == "OPTIONS":
                response.headers.update(PREFLIGHT)
        return response


def _bracketed(host: str) -> str:
    host = host.lower()
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
