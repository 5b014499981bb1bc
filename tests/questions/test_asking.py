"""The graph asked from Python: what is published is opened, and nothing is built."""

import pytest

from kg import NoSnapshot, ask, open_graph


def test_the_published_snapshot_is_opened_and_asked(hackney):
    graph = open_graph(hackney.settings.home)
    assert graph.snapshot == hackney.snapshot.id
    assert ask(graph, "Q03", action="2.3") == ask(hackney.store, "who-leads-an-action", hackney.names, action="2.3")
    assert len(ask(graph, "joint-actions")) == 27


def test_the_home_is_that_of_the_settings(hackney, monkeypatch):
    monkeypatch.setenv("PLANGRAPH_HOME", str(hackney.settings.home))
    assert open_graph().snapshot == hackney.snapshot.id


def test_without_a_snapshot_it_says_what_to_do_and_builds_nothing(tmp_path):
    with pytest.raises(NoSnapshot, match="plangraph build"):
        open_graph(tmp_path / "home")
    assert not (tmp_path / "home").exists()
