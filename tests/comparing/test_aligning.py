"""Pairing actions: one to one, counts that add up, whatever the numbers and the words."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from kg.comparing import Acting, align

WORDS = (
    "Patrol the market",
    "Fit better locks in flats",
    "Train door staff",
    "Open a safe room",
    "Meet traders monthly",
)


def acting(reference: str, position: int, words: str, delivery: str = "sp/1/dp/1") -> Acting:
    return Acting(reference, position, f"action/{reference}", words, (words,), (), "sp/1", delivery, "Place", (), {})


def plan(words) -> list[Acting]:
    return [acting(f"1.{number}", number, text) for number, text in enumerate(words, 1)]


@given(some.lists(some.sampled_from(WORDS), max_size=8), some.lists(some.sampled_from(WORDS), max_size=8))
def test_every_action_is_in_one_pair_or_in_none_and_the_counts_add_up(before, after):
    old, new = plan(before), plan(after)
    found = align(old, new)
    assert len(found.pairs) + len(found.dropped) == len(old)
    assert len(found.pairs) + len(found.added) == len(new)
    for side, left in (("old", found.dropped), ("new", found.added)):
        paths = [getattr(pair, side).path for pair in found.pairs] + [one.path for one in left]
        assert len(paths) == len(set(paths))
    assert found == align(old, new)


@given(some.permutations(WORDS))
def test_shuffled_numbers_do_not_hide_which_action_is_which(words):
    found = align(plan(WORDS), plan(words))
    assert [(pair.old.title, pair.score) for pair in found.pairs] == [(pair.new.title, 1.0) for pair in found.pairs]
    assert len(found.pairs) == len(WORDS)


def test_two_ten_and_two_one_are_two_actions():
    old = [acting("2.1", 1, WORDS[0]), acting("2.10", 2, WORDS[1])]
    new = [acting("2.1", 1, WORDS[1]), acting("2.10", 2, WORDS[0])]
    assert [(pair.old.reference, pair.new.reference) for pair in align(old, new).pairs] == [
        ("2.10", "2.1"),
        ("2.1", "2.10"),
    ]


def test_an_action_split_in_two_keeps_one_half_and_names_where_the_other_came_from():
    whole = acting("1.1", 1, "Train door staff at every bar and hand out leaflets on drink spiking to guests")
    halves = [
        acting("1.1", 1, "Train door staff at every bar and hand out leaflets"),
        acting("1.2", 2, "Hand out leaflets on drink spiking to guests"),
    ]
    found = align([whole], halves)
    assert len(found.pairs) == 1
    (other,) = found.added
    assert found.near["added", other.path][0] is whole


def test_the_same_number_with_other_words_is_another_action():
    found = align([acting("1.1", 1, WORDS[0])], [acting("1.1", 1, WORDS[1], "sp/2/dp/1")])
    assert found.pairs == ()


def test_words_as_like_to_two_actions_are_unsure():
    old = [acting("1.1", 1, WORDS[0])]
    new = [acting("3.1", 1, WORDS[0]), acting("3.2", 2, WORDS[0])]
    (pair,) = align(old, new).pairs
    assert not pair.sure
    assert "3.2" in pair.reason
    assert align(old, [replace(new[0], reference="1.1")]).pairs[0].sure
