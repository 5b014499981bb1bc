"""Answers become networks, and networks the same files every day."""

import io

import networkx as nx
import pytest

from kg import network
from kg.questions import ask


@pytest.fixture
def pairs(hackney):
    return ask(hackney.store, network.SHARED, hackney.names)


def test_partners_who_share_actions_are_linked_and_no_others(pairs):
    graph = network.partners(pairs)
    labels = nx.get_node_attributes(graph, "label")
    by_name = nx.relabel_nodes(graph, labels)
    assert by_name.edges["Safer Communities", "Metropolitan Police Service"]["weight"] == 9
    assert not by_name.has_edge("Safer Communities", "Safer Communities")
    assert "All Partners" not in by_name
    assert graph.number_of_edges() == len(pairs)


@pytest.mark.parametrize(("write", "read"), [(network.as_graphml, nx.read_graphml), (network.as_gexf, nx.read_gexf)])
def test_a_file_read_again_is_the_same_network(pairs, write, read):
    graph = network.partners(pairs)
    again = read(io.BytesIO(write(graph)))
    assert nx.is_isomorphic(graph, again)
    assert {frozenset(edge): data["refs"] for *edge, data in graph.edges(data=True)} == {
        frozenset(edge): data["refs"] for *edge, data in again.edges(data=True)
    }


@pytest.mark.parametrize("write", [network.as_graphml, network.as_gexf])
def test_the_same_network_is_the_same_bytes_without_a_clock(pairs, write):
    assert write(network.partners(pairs)) == write(network.partners(pairs))
    assert b"lastmodified" not in write(network.partners(pairs))
