"""Days that share the month of the day before them: "5" in "May 3 and 5"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from transforms.times.grammar import Match
from transforms.times.interval import to_interval
from transforms.times.lexicon import Lexemes
from transforms.times.moment import Moment
from transforms.times.reading import Resolved

_NEXT = re.compile(r"(?:&|I|-)([no])(?:,?(Y))?")
_FREE = re.compile(
    r"\s*(?:[.,;:)\]\"”’'–—]|$|(?:in|at|on|for|and|to|with|when|as|by|after|before|while|that"
    r"|were|was|is|are|will|he|she|it|they|the|during)\b)"
)


@dataclass(frozen=True, slots=True)
class Shared:
    """A day that takes its month from the one before."""

    found: Resolved
    moment: Moment
    start: int
    end: int
    rule: str = "date.shared"


def find_shared(match: Match, lexemes: Lexemes, found: Resolved, text: str) -> Iterator[Shared]:
    """The day after a day of a month and "and", "to" or a dash, where it is no count."""
    moment = found.moment
    if match.rule.name != "date.day" or moment is None or moment.grain != "D":
        return
    if match.found.groupdict().get("day") is None or match.found.groupdict().get("year"):
        return
    following = _NEXT.match(lexemes.classes, match.found.end())
    if following is None:
        return
    item = following.start(1)
    last = following.end() - 1
    start, end = lexemes.starts[item], lexemes.ends[last]
    if not _FREE.match(text, end):
        return
    day = int(lexemes.values[item])
    try:
        shared = Moment(datetime(moment.at.year, moment.at.month, day), "D")
    except ValueError:
        return
    if shared.at <= moment.at:
        return
    value = str(shared)
    first, after = to_interval(value)
    yield Shared(
        Resolved("DATE", value, None, found.anchor, found.anchor_value, shared, first, after),
        shared, start, end,
    )  # fmt: skip
