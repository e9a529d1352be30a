"""The row of a resolved expression: its span, type, interval in UTC, grain and EDTF."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from transforms.language.document import Document
from transforms.times.edtf import to_edtf, to_open
from transforms.times.grammar import Match
from transforms.times.lexicon import Lexemes
from transforms.times.reading import Resolved
from transforms.times.zone import to_utc
from warehouse.tables import Time

_RATE = re.compile(
    r"(?:million|billion|thousand|hundred|percent|%|\d|times|once|twice|minutes"
    r"|hours|days|nights|weeks|months)\s*$"
)
_BOUND = re.compile(r"\b(since|until|till)\s$", re.IGNORECASE)
_CLOCK = re.compile(r".*T\d\d(?::|$)")
_GRAINS = {
    "CE": "century", "DE": "decade", "Y": "year", "HY": "half", "Q": "quarter", "M": "month",
    "W": "week", "WE": "weekend", "D": "day", "H": "hour", "MIN": "minute", "S": "second",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """The text that rows are made from.

    Attributes:
        zone: the zone that the source's settings name for its clock times; null if none.
        origin: what stands for the publication date: "publication", or "document" for a dateline.
    """

    text: str
    document: Document
    lexemes: Lexemes
    zone: str | None
    origin: str


def to_row(match: Match, found: Resolved, start: int, end: int, source: Source) -> Time:
    """The row of the expression from `start` to `end`."""
    kind, modifier, groups = found.timex_type, found.modifier, match.found.groupdict()
    if kind == "DURATION" and groups.get("one") and _is_rate(start, source):
        kind = "SET"
    if kind == "DURATION" and groups.get("way") not in (None, "A"):
        end = source.lexemes.ends[match.found.start("way") - 1]  # "a few days" later
    if groups.get("about") and _is_preposition(start, source.document):
        # "over three years" says where, not how many
        start, modifier = source.lexemes.starts[match.found.end("about")], None
    start_at, end_at, zone, zone_from = _find_instants(found, source.zone)
    near = "APPROX" if groups.get("fiscal") else modifier
    edtf = to_edtf(found.value, near, start_at, end_at)
    return Time(
        start=start,
        end=end,
        rule=match.rule.name,
        timex_type=kind,
        timex_value=found.value,
        modifier=modifier,
        start_at=start_at,
        end_at=end_at,
        grain=_find_grain(found),
        edtf=_open(edtf, kind, start, source.text),
        anchor=source.origin if found.anchor == "publication" else found.anchor,
        anchor_value=found.anchor_value,
        zone=zone,
        zone_from=zone_from,
    )


def _is_rate(start: int, source: Source) -> bool:
    """Whether the unit is a rate: "$5 million a year", "twice a week", "four flights a day"."""
    if _RATE.search(source.text, max(0, start - 12), start):
        return True
    tags = source.document.tags
    token = source.document.token_at(start) if tags else 0
    return token > 0 and tags[token - 1] == "NNS"


def _is_preposition(start: int, document: Document) -> bool:
    if not document.deps:
        return False
    token = document.token_at(start)
    return document.deps[token] == "prep" and document.lowers[token] in ("over", "under")


def _open(edtf: str | None, kind: str, start: int, text: str) -> str | None:
    """The EDTF with an open end where "since" or "until" stands before a date."""
    bound = _BOUND.search(text, max(0, start - 8), start)
    if edtf is None or bound is None or kind not in ("DATE", "TIME"):
        return edtf
    return to_open(edtf, after=bound[1].lower() == "since")


def _find_instants(
    found: Resolved, assumed: str | None
) -> tuple[datetime | None, datetime | None, str | None, str | None]:
    """Start and end in UTC, with the zone of a clock time and who named it."""
    start, end = found.start_at, found.end_at
    zone = found.zone or assumed
    if zone is None or not _CLOCK.match(found.value):
        return start, end, None, None
    origin = "text" if found.zone else "source"
    if start is None or end is None:
        return start, end, zone, origin
    return to_utc(start, zone), to_utc(start, zone) + (end - start), zone, origin


def _find_grain(found: Resolved) -> str | None:
    if found.timex_type == "TIME" and found.moment and found.moment.grain == "D":
        if not _CLOCK.match(found.value):
            return "part"
        return "second" if found.value.count(":") == 2 else "minute"
    if found.moment is not None:
        return _GRAINS[found.moment.grain]
    return "day" if found.start_at is not None else None
