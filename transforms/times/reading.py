"""What an expression is read against, and what the reading is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from transforms.times.interval import to_interval
from transforms.times.moment import GRAINS, Moment, truncate
from transforms.times.parts import Parts

MID_QUARTER = timedelta(45)
"""From the end of a quarter to its middle, which tells the quarter of the calendar it is near."""

UNKNOWN = {
    "CE": "XX", "DE": "XXX", "Y": "XXXX", "HY": "XXXX-HX", "Q": "XXXX-QX", "M": "XXXX-XX",
    "W": "XXXX-WXX", "WE": "XXXX-WXX-WE", "D": "XXXX-XX-XX", "H": "XXXX-XX-XXTXX",
    "MIN": "XXXX-XX-XXTXX:XX", "S": "XXXX-XX-XXTXX:XX:XX",
}  # fmt: skip
"""The value of a moment of which only the grain is known."""

STEPS = {"L": -1, "p": -1, "$": -1, "x": 1, "c": 1, "q": 1, "i": 0, "G": 0, "j": 0}
"""Units from the anchor to what the word names: last, past, previous; next, coming, following..."""

_REMEMBERED = 50
"""Dates back to which "that day" may reach."""

FROM_TEXT = frozenset("$qjeg<>")
"""Words that count from a date of the text: previous, following, that, earlier, later, before..."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A TIMEX3 reading of an expression, with the anchor it was reckoned from."""

    timex_type: str
    value: str
    modifier: str | None = None
    anchor: str = "none"
    anchor_value: str | None = None
    moment: Moment | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What an expression is read against.

    Attributes:
        published: midnight of the publication day; null when unknown.
        history: dates that the text has named before, the last one last.
        day: the last explicit day in the same sentence, or the next one where none came before.
        before, after: the text around the expression, lower case, some words each side.
        until: the instant at which the expression is said to end, "the quarter ended June 30".
        tense: gives -1, 0 or 1 for the tense that governs the expression.
    """

    published: datetime | None
    history: Sequence[Moment]
    day: Moment | None
    before: str
    after: str
    tense: Callable[[], int]
    until: datetime | None = None

    def today(self, grain: str = "D") -> Moment | None:
        """The unit of `grain` that holds the publication day."""
        return truncate(self.published, grain) if self.published else None

    def last(self, grain: str) -> Moment | None:
        """The last date of the text that is at least as fine as `grain`."""
        rank = GRAINS.index(grain)
        for moment in reversed(self.history[-_REMEMBERED:]):
            if GRAINS.index(moment.grain) <= rank:
                return moment
        return None


def find_base(kind: str, grain: str, setting: Setting) -> tuple[Moment | None, str]:
    """The moment that "last", "following", "that"... count units of `grain` from; its anchor.

    "that day" is a day of the text or none; "a year earlier" falls back on publication.
    """
    if kind[:1] in FROM_TEXT:
        last = setting.last(grain)
        if last is not None:
            return last, "text"
        if kind[:1] == "j":
            return None, "none"
    return setting.today(), "publication"


def read_moment(
    moment: Moment | None,
    unknown: str,
    parts: Parts,
    setting: Setting,
    *,
    anchor: str = "publication",
    base: Moment | None = None,
    suffix: str = "",
) -> Resolved:
    """A DATE at `moment`, or a TIME where `suffix` gives one; `unknown` where there is none."""
    kind = "TIME" if suffix or (moment and moment.grain in ("H", "MIN", "S")) else "DATE"
    if moment is None:
        return Resolved(kind, unknown + suffix, parts.modifier())
    value = str(moment) + suffix
    known = base if anchor == "text" else setting.today() if anchor == "publication" else None
    return Resolved(
        kind, value, parts.modifier(), anchor, str(known) if known else None, moment,
        *to_interval(value),
    )  # fmt: skip


def find_year(
    parts: Parts, setting: Setting, rel: str = "rel", unit: str = "unit"
) -> tuple[int | None, str, Moment | None]:
    """An explicit year or one such as "last year", its anchor and that anchor's moment."""
    if "year" in parts:
        return parts.year(), "none", None
    if rel not in parts or parts.value(unit) != "Y":
        return None, "none", None
    kind = parts.kind(rel)
    base, anchor = find_base(kind, "Y", setting)
    return (base.at.year + STEPS[kind[0]] if base else None), anchor, base
