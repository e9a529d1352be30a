"""What is decided of entities, by the machine or a person; a decision is never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MACHINE = "machine"
"""Who decides where no person does."""

Move = tuple[str, str]
"""An article and the `entity_id` of its mentions."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    Attributes:
        kind: merge (the entities are one), split (`left` are none of `right`), suggest (a merge
            for a person to decide), undo (of the decision `undoes`).
        left, right: entities as founded, not what they count as now.
        founds: the entity that a split founds; it is one with `right` again when that is undone.
        moves: mentions that stand for `founds` since then.
        score: probability that `left` and `right` are one.
        evidence: what each piece of evidence adds to the log-odds, as JSON.
    """

    decision_id: str
    kind: str
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    founds: str | None = None
    moves: tuple[Move, ...] = ()
    undoes: str | None = None
    score: float | None = None
    evidence: str | None = None
    decided_by: str = MACHINE
    note: str | None = None

    @property
    def human(self) -> bool:
        """Whether a person decided."""
        return self.decided_by != MACHINE

    @property
    def entities(self) -> tuple[str, ...]:
        """Every entity it is about."""
        return tuple(dict.fromkeys([*self.left, *self.right]))


def from_values(values: Mapping[str, Any]) -> Decision:
    """The decision of which these are the values, as JSON gives them back."""
    return Decision(
        **{
            **values,
            "left": tuple(values["left"]),
            "right": tuple(values["right"]),
            "moves": tuple((article, entity_id) for article, entity_id in values["moves"]),
        }
    )


def active(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions that stand, in order: what an undo that itself stands takes back is left out.

    Args:
        decisions: in the order they were made; a person's undo stands above the machine's merge,
            and the machine never takes back what a person decided.
    """
    gone = undone(decisions)
    return [d for d in decisions if d.decision_id not in gone and d.kind != "undo"]


def undone(decisions: Sequence[Decision]) -> set[str]:
    """Keys of the decisions that an undo takes back which itself stands."""
    by_id = {decision.decision_id: decision for decision in decisions}
    gone: set[str] = set()
    for decision in reversed(decisions):
        if decision.kind == "undo" and decision.decision_id not in gone and decision.undoes:
            target = by_id.get(decision.undoes)
            if target is not None and (decision.human or not target.human):
                gone.add(decision.undoes)
    return gone


def taken_back(decisions: Sequence[Decision]) -> set[frozenset[str]]:
    """Pairs of entities whose merge or suggestion a person has undone: not to be made again."""
    by_id = {decision.decision_id: decision for decision in decisions}
    standing = {d.decision_id for d in active(decisions)}
    return {
        frozenset((left, right))
        for undo in decisions
        if undo.kind == "undo" and undo.human and undo.undoes not in standing
        for target in [by_id.get(undo.undoes or "")]
        if target is not None and target.kind in ("merge", "suggest")
        for left in target.left
        for right in target.right
    }


def moved(decisions: Iterable[Decision]) -> dict[Move, str]:
    """For mentions that standing splits have moved, the entity they stand for; the last counts."""
    return {move: d.founds for d in decisions if d.founds for move in d.moves}
