"""Days that share the month of the day beside them: "5" in "May 3 and 5", "3" in "3-5 May"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.times.grammar import Match
from transforms.times.interval import to_interval
from transforms.times.lexicon import Lexemes
from transforms.times.moment import Moment
from transforms.times.reading import Resolved

_NEXT = re.compile(r"(?:&|I|-)([no])(?:,?(Y))?")
_BEFORE = re.compile(r"[no](?:&|I|-)")
_OPENING = re.compile(r"(?:\b(?:on|from|between|of|the)\s|[(,]\s?)$", re.IGNORECASE)
_FREE = re.compile(
    r"\s*(?:[.,;:)\]\"”’'–—]|$|(?:in|at|on|for|and|to|with|when|as|by|after|before|while|that"
    r"|were|was|is|are|will|he|she|it|they|the|during)\b)"
)


@dataclass(frozen=True, slots=True)
class Shared:
    """A day that takes its month from the one beside it."""

    found: Resolved
    moment: Moment
    start: int
    end: int
    rule: str = "date.shared"


def find_shared(match: Match, lexemes: Lexemes, found: Resolved, text: str) -> Iterator[Shared]:
    """The day beside a day of a month and "and", "to" or a dash, where it is no count."""
    moment = found.moment
    if match.rule.name != "date.day" or moment is None or moment.grain != "D":
        return
    groups = match.found.groupdict()
    if groups.get("day2"):
        before = _find_before(match, lexemes, text)
        if before is not None and (shared := _share(before, before, lexemes, found, moment, -1)):
            yield shared
        return
    if groups.get("year"):
        return
    following = _NEXT.match(lexemes.classes, match.found.end())
    if following is None:
        return
    item, last = following.start(1), following.end() - 1
    if _FREE.match(text, lexemes.ends[last]) and (
        shared := _share(item, last, lexemes, found, moment, 1)
    ):
        yield shared


def _find_before(match: Match, lexemes: Lexemes, text: str) -> int | None:
    """The lexeme of the day in "on 20-21 April", "between 3 and 5 May"."""
    item = match.found.start() - 2
    if item < 0 or not _BEFORE.fullmatch(lexemes.classes, item, item + 2):
        return None
    start = lexemes.starts[item]
    return item if _OPENING.search(text, max(0, start - 9), start) else None


def _share(
    item: int, last: int, lexemes: Lexemes, found: Resolved, moment: Moment, order: int
) -> Shared | None:
    """The day at lexeme `item` in the month of `moment`, after it (order 1) or before (-1)."""
    try:
        shared = Moment(moment.at.replace(day=int(lexemes.values[item])), "D")
    except ValueError:
        return None
    if (shared.at - moment.at).days * order <= 0:
        return None
    value = str(shared)
    first, after = to_interval(value)
    return Shared(
        Resolved("DATE", value, None, found.anchor, found.anchor_value, shared, first, after),
        shared, lexemes.starts[item], lexemes.ends[last],
    )  # fmt: skip
