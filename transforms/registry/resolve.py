"""From decisions to what each entity counts as: a pure function, so that an undo restores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from transforms.registry.decision import Decision, active


class _Groups:
    """Entities joined into groups, some of which must stay apart."""

    def __init__(self, entities: Iterable[str]) -> None:
        self.group = {entity: entity for entity in entities}
        self.apart: dict[str, set[str]] = {entity: set() for entity in self.group}
        self.members = {entity: [entity] for entity in self.group}

    def join(self, one: str, other: str) -> None:
        """Join two groups, unless they must stay apart."""
        a, b = self.group[one], self.group[other]
        if a == b or b in self.apart[a]:
            return
        if (len(self.members[a]), b) < (len(self.members[b]), a):
            a, b = b, a
        for entity in self.members.pop(b):
            self.group[entity] = a
            self.members[a].append(entity)
        for third in self.apart.pop(b):
            self.apart[third].discard(b)
            self.apart[third].add(a)
            self.apart[a].add(third)

    def part(self, one: str, other: str) -> None:
        """Keep two groups apart, unless they are joined."""
        a, b = self.group[one], self.group[other]
        if a != b:
            self.apart[a].add(b)
            self.apart[b].add(a)


def resolve_entities(
    births: Mapping[str, tuple[str, str]], decisions: Sequence[Decision]
) -> dict[str, str]:
    """What each entity counts as: the oldest of those it is one with, by birth and then name.

    What persons decided comes first, the newest before the older; then the machine's splits, then
    its merges, the surest first. What contradicts an earlier one in this order has no effect. So
    the result does not depend on the order of entities or of the machine's decisions.

    Args:
        births: of each entity, what puts the older first, such as time and run.
        decisions: all that concern these entities, in the order they were made.
    """
    groups = _Groups(births)
    standing = active(decisions)
    human = [d for d in reversed(standing) if d.human]
    machine = [d for d in standing if not d.human]
    splits = sorted((d for d in machine if d.kind == "split"), key=lambda d: d.decision_id)
    merges = sorted(
        (d for d in machine if d.kind == "merge"),
        key=lambda d: (-(d.score or 0.0), d.left, d.right),
    )
    for decision in [*human, *splits, *merges]:
        _apply(groups, decision)
    ids = {d.decision_id for d in standing}
    for decision in decisions:
        if decision.founds and decision.decision_id not in ids and decision.right:
            # what an undone split founded is again what it was a part of
            groups.join(decision.founds, decision.right[0])
    oldest = {
        group: min(members, key=lambda entity: (births[entity], entity))
        for group, members in groups.members.items()
    }
    return {entity: oldest[group] for entity, group in groups.group.items()}


def _apply(groups: _Groups, decision: Decision) -> None:
    for left in decision.left:
        for right in decision.right:
            if left not in groups.group or right not in groups.group:
                continue
            if decision.kind == "merge":
                groups.join(left, right)
            elif decision.kind == "split":
                groups.part(left, right)
