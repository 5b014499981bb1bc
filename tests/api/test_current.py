"""A store that follows the published snapshot."""

import threading
from types import SimpleNamespace

import pytest

from api.current import CurrentStore
from kg.errors import NoSnapshot


class Slow:
    """A store whose queries wait for `go`, and that remembers whether it was closed."""

    def __init__(self, snapshot: str) -> None:
        self.snapshot = snapshot
        self.closed = False
        self.go = threading.Event()
        self.begun = threading.Event()

    def query(self, sparql: str, **_: object) -> str:
        self.begun.set()
        assert self.go.wait(10)
        assert not self.closed
        return self.snapshot

    def close(self) -> None:
        self.closed = True
        self.go.set()


@pytest.fixture
def published():
    return SimpleNamespace(now=SimpleNamespace(id="one"), opened=[])


@pytest.fixture
def current(published):
    def open_store(snapshot):
        published.opened.append(Slow(snapshot.id))
        return published.opened[-1]

    return CurrentStore(lambda: published.now, open_store)


def test_a_snapshot_is_opened_once(current, published):
    assert (current.snapshot, current.snapshot) == ("one", "one")
    assert len(published.opened) == 1


def test_a_new_snapshot_is_picked_up_and_the_old_one_closed(current, published):
    assert current.snapshot == "one"
    published.now = SimpleNamespace(id="two")
    assert current.snapshot == "two"
    assert [store.closed for store in published.opened] == [True, False]


def test_a_running_query_keeps_its_snapshot_until_it_is_answered(current, published):
    answers = []
    asking = threading.Thread(target=lambda: answers.append(current.query("slow")))
    asking.start()
    assert current.snapshot == "one"
    old = published.opened[0]
    assert old.begun.wait(10)
    published.now = SimpleNamespace(id="two")
    assert current.snapshot == "two"
    assert not old.closed
    old.go.set()
    asking.join(10)
    assert answers == ["one"]
    assert old.closed


def test_without_a_published_snapshot_it_says_so(current, published):
    published.now = None
    with pytest.raises(NoSnapshot, match="plangraph build"):
        current.query("any")


def test_closed_it_opens_nothing_again(current, published):
    assert current.snapshot == "one"
    current.close()
    with pytest.raises(NoSnapshot, match="ending"):
        current.query("any")
    assert [store.closed for store in published.opened] == [True]
