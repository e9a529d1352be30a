"""Who bears a name: two of one name are told apart by context, and not for want of it."""

from __future__ import annotations

import pytest

from transforms.entities.keys import entity_key
from transforms.registry.assign import assign_bearers
from transforms.registry.sighting import Sighting

MINISTER = "t:minister f:politics"
STRIKER = "t:striker f:sport"
SAME = [
    ("PERSON", "Varga", f"{MINISTER} c:HU n:a", f"{MINISTER} c:SK n:b"),
    ("PERSON", "Varga", f"{MINISTER} c:HU n:a", "c:ES n:b"),
    ("PERSON", "Varga", "c:HU n:a", "c:ES n:b"),
    ("PERSON", "Varga", f"{MINISTER} n:a", f"{STRIKER} n:a n:b"),  # a minister who plays
    ("PERSON", "Tomas Varga", f"{MINISTER} n:a", f"{STRIKER} n:b"),
    ("ORG", "Amberline", "c:HU n:a", "c:ES n:b"),
    ("ORG", "Amberline", "", ""),
]
TWO = [
    ("PERSON", "Varga", f"{MINISTER} n:a", f"{STRIKER} n:b"),
    ("PERSON", "Varga", f"{MINISTER} c:HU n:a", f"{STRIKER} c:ES n:b"),
    (
        "PERSON", "Tomas Varga", f"{MINISTER} s:hungary c:HU n:a", f"{STRIKER} s:oviedo c:ES n:b"
    ),
]  # fmt: skip


def _bearers(kind: str, name: str, *seen: str) -> list[str]:
    sightings = [
        Sighting(f"a{n}", entity_key(kind, name), kind, name, frozenset(), frozenset(f.split()))
        for n, f in enumerate(seen)
    ]
    return [bearer.entity for bearer in assign_bearers(sightings, [], {}, "run", "2026").bearers]


@pytest.mark.parametrize(("kind", "name", "one", "other"), SAME)
def test_those_that_may_be_one_are(kind: str, name: str, one: str, other: str) -> None:
    for order in ((one, other), (other, one)):
        assert len(set(_bearers(kind, name, *order))) == 1


@pytest.mark.parametrize(("kind", "name", "one", "other"), TWO)
def test_those_that_context_parts_are_two(kind: str, name: str, one: str, other: str) -> None:
    for order in ((one, other), (other, one)):
        first, second, third = _bearers(kind, name, *order, order[0])
        assert first != second
        assert first == third
