"""Decisions over entities: order does not matter, and an undo restores exactly."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from transforms.registry.decision import Decision, active, moved, taken_back
from transforms.registry.resolve import resolve_entities

NAMES = "abcdefgh"
BIRTHS = {name: ("2026-03-12", name) for name in NAMES}
some = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True).map(tuple)


@st.composite
def decisions(draw: st.DrawFn, human: bool | None = None, size: int = 8) -> list[Decision]:
    made: list[Decision] = []
    for number in range(draw(st.integers(0, size))):
        by = draw(st.sampled_from(["machine", "rosa"])) if human is None else "machine"
        kind = draw(st.sampled_from(["merge", "split", "undo"] if made else ["merge", "split"]))
        if kind == "undo":
            target = draw(st.sampled_from(made)).decision_id
            made.append(Decision(f"d{number}", "undo", undoes=target, decided_by=by))
            continue
        left, right = draw(some), draw(some)
        right = tuple(r for r in right if r not in left)
        score = draw(st.sampled_from([0.9, 0.95, 0.99]))
        made.append(Decision(f"d{number}", kind, left, right, score=score, decided_by=by))
    return made


@given(decisions(), some, some, st.sampled_from(["merge", "split"]))
def test_an_undo_restores_exactly(
    before: list[Decision], left: tuple[str, ...], right: tuple[str, ...], kind: str
) -> None:
    new = Decision("new", kind, left, right, decided_by="rosa")
    undo = Decision("back", "undo", undoes="new", decided_by="rosa")
    was = resolve_entities(BIRTHS, before)
    assert resolve_entities(BIRTHS, [*before, new, undo]) == was
    again = Decision("again", "undo", undoes="back", decided_by="rosa")
    assert resolve_entities(BIRTHS, [*before, new, undo, again]) == resolve_entities(
        BIRTHS, [*before, new]
    )


@given(decisions(human=False), st.randoms(use_true_random=False))
def test_the_order_of_the_machines_decisions_does_not_matter(
    made: list[Decision], chance: random.Random
) -> None:
    made = [d for d in made if d.kind != "undo"]
    shuffled = list(made)
    chance.shuffle(shuffled)
    births = dict(chance.sample(sorted(BIRTHS.items()), len(BIRTHS)))
    assert resolve_entities(births, shuffled) == resolve_entities(BIRTHS, made)


@given(decisions(), st.sampled_from(NAMES), st.sampled_from(NAMES), st.booleans())
def test_the_last_word_of_a_person_holds(
    before: list[Decision], one: str, other: str, together: bool
) -> None:
    if one == other:
        return
    last = Decision("last", "merge" if together else "split", (one,), (other,), decided_by="rosa")
    machine = Decision("machine", "split" if together else "merge", (one,), (other,), score=1.0)
    found = resolve_entities(BIRTHS, [*before, last, machine])
    assert (found[one] == found[other]) is together


def test_the_oldest_gives_its_name() -> None:
    births = {"young": ("2026-03-13", "r2"), "old": ("2026-03-12", "r1")}
    merge = Decision("m", "merge", ("young",), ("old",), score=0.9)
    assert resolve_entities(births, [merge]) == {"young": "old", "old": "old"}


def test_the_machine_takes_nothing_back_that_a_person_decided() -> None:
    merge = Decision("m", "merge", ("a",), ("b",), decided_by="rosa")
    undo = Decision("u", "undo", undoes="m")
    assert active([merge, undo]) == [merge]


def test_what_a_person_took_back_is_remembered() -> None:
    merge = Decision("m", "merge", ("a",), ("b",), score=0.9)
    undo = Decision("u", "undo", undoes="m", decided_by="rosa")
    assert taken_back([merge, undo]) == {frozenset("ab")}
    again = Decision("v", "undo", undoes="u", decided_by="rosa")
    assert taken_back([merge, undo, again]) == set()


def test_an_undone_split_gives_its_mentions_back() -> None:
    split = Decision(
        "s", "split", ("c",), ("a",), founds="c", moves=(("article", "a"),), decided_by="rosa"
    )
    assert moved(active([split])) == {("article", "a"): "c"}
    assert resolve_entities(BIRTHS, [split])["c"] == "c"
    undo = Decision("u", "undo", undoes="s", decided_by="rosa")
    assert moved(active([split, undo])) == {}
    assert resolve_entities(BIRTHS, [split, undo])["c"] == "a"
