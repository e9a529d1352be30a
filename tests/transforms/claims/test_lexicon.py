"""The data files say only what the declaration knows."""

from __future__ import annotations

import pytest

from transforms.claims.lexicon import class_of, load_classes, load_happenings, load_words
from warehouse.tables import CLAIMED, COUNTED_CLASSES, HAPPENINGS, PLOVER

ROLES = {"object", "subject", "is", "self", "of", "toll", "deep"}


def test_happenings_are_those_declared() -> None:
    known = load_happenings()
    assert tuple(known) == HAPPENINGS
    assert tuple(name for name, h in known.items() if h.claim) == CLAIMED
    assert {h.event_type for h in known.values()} - {None} <= set(PLOVER)


def test_words_tell_known_happenings_in_known_roles() -> None:
    words = [word for readings in load_words().values() for word in readings]
    assert {word.happening for word in words} == set(HAPPENINGS)
    assert {word.role for word in words} <= ROLES


def test_classes_are_those_declared() -> None:
    assert {name for name, _ in load_classes().values()} <= set(COUNTED_CLASSES)


@pytest.mark.parametrize(
    ("noun", "name"),
    [("soldiers", "soldier"), ("policemen", "police"), ("families", "person"), ("idea", None)],
)
def test_class_of_a_noun(noun: str, name: str | None) -> None:
    assert class_of(noun)[0] == name
