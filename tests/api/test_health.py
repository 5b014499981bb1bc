"""`/healthz` is ok once a query works, and says so when it does not."""

from kg.errors import NoSnapshot


def test_healthy_names_the_snapshot(client, store, hackney):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "snapshot": hackney.snapshot.id})
    assert len(store.asked) == 1  # a query was really asked


def test_without_a_snapshot_it_is_503(client, store):
    store.failure = NoSnapshot("Nothing is built.")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["status"]) == (503, "unavailable")
