"""The place of a happening that goes on where the clause or sentence before it took place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.claims.place import find_place
from transforms.claims.scene import Scene
from transforms.claims.toll import is_sum
from warehouse.tables import Claim, Event

_STAYS = frozenset(
    [
        "killed",
        "wounded",
        "casualty",
        "missing",
        "trapped",
        "infected",
        "hospitalised",
        "rescued",
        "evacuated",
        "displaced",
        "destroyed",
        "damaged",
        "detained",
        "protested",
    ]
)
"""What happens where the text is; money is paid and verdicts are given elsewhere."""

_LEAVES = frozenset(("hospitalised", "evacuated", "displaced"))
"""What takes people elsewhere, so that its place is not the scene's."""

_ELSEWHERE = frozenset(
    ["elsewhere", "separately", "earlier", "previously", "nationwide", "overall", "altogether",
     "worldwide", "similarly"]
)  # fmt: skip
"""What says that a sentence tells of another occasion."""


def inherit_places(
    scene: Scene, claims: Sequence[Claim], events: Sequence[Event]
) -> tuple[list[Claim], list[Event]]:
    """The same rows, `place_from` scene for the place that one without its own has from before.

    That is the place of the last row told in its sentence or in the one before, in the same
    paragraph, and only where neither its own sentence names a place, nor a time of its own sets it
    apart, nor it adds up what happened in several.
    """
    told: list[Claim | Event] = sorted([*claims, *events], key=lambda row: (row.start, row.end))
    found: list[Claim | Event] = []
    for row in told:
        before = _scene_of(scene, row, found)
        if before is not None:
            row = replace(row, place_mention_id=before.place_mention_id, place_from="scene")
        found.append(row)
    return (
        [row for row in found if isinstance(row, Claim)],
        [row for row in found if isinstance(row, Event)],
    )


def _scene_of(
    scene: Scene, row: Claim | Event, before: Sequence[Claim | Event]
) -> Claim | Event | None:
    """The row whose place holds for `row` too; null where none does."""
    document = scene.document
    apart = row.happening not in _STAYS or row.rule.endswith((".tally", ".answer"))
    if row.rule.endswith(".toll"):
        apart = apart or is_sum(document, document.token_at(row.trigger_start))
    if row.place_mention_id is not None or apart or row.time_from == "clause" or row.planned:
        return None
    sentence = document.sentence_of(row.start)
    first, last = document.sentences[sentence]
    low, high = document.starts[first], document.ends[last - 1]
    for other in reversed(before):
        if other.place_mention_id is None or other.start >= row.start:
            continue
        if other.happening not in _STAYS - _LEAVES or other.planned:
            continue
        near = document.sentence_of(other.start)
        if near == sentence:
            return other
        if near != sentence - 1 or "\n" in document.text[other.end : row.start].strip():
            return None
        moved = not _ELSEWHERE.isdisjoint(document.lowers[first:last])
        return None if moved or find_place(scene, low, high, row.happening) else other
    return None
