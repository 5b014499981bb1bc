"""A network as a file: read again it is the same, and the same on every day."""

import io

import networkx as nx
import pytest

from kg import network
from kg.questions import ask


@pytest.fixture
def partners(hackney):
    return network.measured(network.leads(ask(hackney.store, network.LEADS, hackney.names)))


@pytest.mark.parametrize(("write", "read"), [(network.as_graphml, nx.read_graphml), (network.as_gexf, nx.read_gexf)])
def test_a_file_read_again_is_the_same_network(partners, write, read):
    again = read(io.BytesIO(write(partners)))
    assert set(again) == set(partners)
    assert {frozenset(edge): data["refs"] for *edge, data in partners.edges(data=True)} == {
        frozenset(edge): data["refs"] for *edge, data in again.edges(data=True)
    }
    for key, said in partners.nodes(data=True):
        assert again.nodes[key]["n"] == said["n"]
        assert again.nodes[key]["betweenness"] == said["betweenness"]


@pytest.mark.parametrize("write", [network.as_graphml, network.as_gexf])
def test_the_same_network_is_the_same_bytes_without_a_clock(partners, write):
    assert write(partners) == write(partners)
    assert b"lastmodified" not in write(partners)


@pytest.mark.parametrize("write", [network.as_graphml, network.as_gexf])
def test_what_is_not_stated_is_left_out_of_a_file(partners, write):
    one_partner = next(key for key in partners if partners.degree(key) == 1)
    assert partners.nodes[one_partner]["clustering"] is None
    assert b"None" not in write(partners)
