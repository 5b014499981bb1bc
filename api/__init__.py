"""The web faces of Plangraph: parse a request, ask kg, show the answer."""

from flask import Flask
from flask_compress import Compress
from jinja2 import StrictUndefined

from api import (
    about,
    action,
    actions,
    body,
    brief,
    compare_plans,
    compare_versions,
    downloads,
    failures,
    gaps,
    headers,
    health,
    home,
    indicators,
    layout,
    maps,
    nodes,
    openapi,
    partners,
    plans,
    priorities,
    queries,
    questions,
    references,
    search,
    shared,
    sparql,
    status,
    things,
    trace,
    updates,
    vocabulary,
    what_if,
)
from api.current import CurrentStore
from kg.graph.store import Store
from kg.settings import Settings

__all__ = ["create_app"]

# A query longer than this is no question an analyst asks; the worker has its own, narrower limits.
BODY_LIMIT = 256 * 1024
ROOMS = (
    home,
    plans,
    actions,
    status,
    updates,
    indicators,
    partners,
    shared,
    maps,
    brief,
    gaps,
    references,
    trace,
    what_if,
    compare_plans,
    compare_versions,
    search,
    about,
    things,
    sparql,
    downloads,
    vocabulary,
    questions,
    openapi,
    health,
)
# These only add to the pages that `things` shows, so they need no addresses of their own.
THING_ROOMS = (action, body, priorities, nodes)


def create_app(settings: Settings, store: CurrentStore, pool: Store) -> Flask:
    """Wire the pages to their two stores.

    `store` answers our own questions in this process; `pool` answers queries from outside in processes that
    can be killed. Neither is opened or closed here.
    """
    app = Flask(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_MIMETYPES=[
            "text/html", "text/css", "text/csv", "text/turtle", "text/javascript", "image/svg+xml", "application/json",
            "application/ld+json", "application/n-triples", "application/sparql-results+json",
            "application/problem+json",
        ],
    )  # fmt: skip
    # A page that names something it was not given fails in the tests instead of showing a gap.
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["plangraph.settings"] = settings
    app.extensions["plangraph.store"] = store
    app.extensions["plangraph.pool"] = pool
    app.extensions["plangraph.kept"] = {}
    app.teardown_appcontext(queries.release)
    layout.add_to(app)
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    headers.add_to(app, settings)
    failures.handle(app)
    Compress(app)
    return app
