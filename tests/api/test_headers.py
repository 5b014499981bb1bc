"""The headers of every answer, and the Host names that pass."""

import pytest

from kg.settings import Settings


@pytest.mark.parametrize("address", ["/", "/sparql", "/healthz", "/nowhere", "/static/icon.svg"])
def test_every_answer_forbids_scripts_frames_and_guessing(client, address):
    headers = client.get(address, headers={"Accept": "text/html"}, buffered=True).headers
    policy = headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy)
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "plans.example", "PLANS.example:443"],
)
def test_this_machine_and_the_configured_names_pass(client, host):
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "plans.example.evil", "127.0.0.1.nip.io", "", "localhost:x"],
)
@pytest.mark.parametrize("address", ["/", "/sparql?query=ASK{}", "/healthz"])
def test_any_other_host_is_refused(client, pool, host, address):
    answer = client.get(address, headers={"Host": host})
    assert answer.status_code == 400
    assert pool.asked == []


def test_the_address_we_listen_on_passes_but_a_wildcard_lets_nobody_in(tmp_path, client_of):
    for listen, host, status in (("10.1.2.3", "10.1.2.3:8000", 200), ("0.0.0.0", "evil.example", 400)):
        client = client_of(Settings.read(environ={}, home=tmp_path, host=listen))
        assert client.get("/healthz", headers={"Host": host}).status_code == status
