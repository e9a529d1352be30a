"""Time expressions in a parsed text, resolved against its publication date."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from datetime import datetime

from transforms.language.document import Document
from transforms.text import Text
from transforms.times.context import drop_verbs, is_time
from transforms.times.dateline import find_dateline_day
from transforms.times.grammar import Match, find_matches
from transforms.times.lexicon import Lexemes, find_lexemes
from transforms.times.moment import Moment, truncate
from transforms.times.ranges import find_ranges
from transforms.times.reading import MID_QUARTER, Resolved, Setting
from transforms.times.resolve import resolve
from transforms.times.row import Source, to_row
from transforms.times.shared import find_shared
from transforms.times.tense import find_tense
from transforms.times.zone import find_local_day
from warehouse.tables import Time

VERSION = "5"

_ENDED = re.compile(r"\bend(?:ed|ing)\s$")
"""Before the day that only bounds a period: "the quarter ended Sept. 30"."""
_ENDS = re.compile(r"\s+(?:that\s+)?(end(?:ed|ing|s)|to|through)\s+(?:on\s+|in\s+)?")
_STRETCH = re.compile(r"P(?:[6-9]|1[0-2])M")
_TO = re.compile(r"\s*(?:to|until|till|and|[-‐‑–])\s*")
_NEAR = re.compile(r"[\s(),]*(?:local time)?[\s(),]*(?:on)?\s*")
_DAYS = frozenset({"date", "numeric", "weekday", "deictic", "holiday", "nth"})
"""Families whose days a clock time or a window of the same sentence is read with."""


def find_times(text: Text, document: Document) -> list[Time]:
    """The time expressions of a text in order of position, with values and intervals.

    Without a publication date, or a dateline that states the day in full, what is absolute is kept
    and the rest stays underspecified ("XXXX-07-25"). Intervals are naive UTC and `end_at` is
    exclusive. The row of an interval that two expressions bound follows its parts.
    """
    reader = _Reader(text, document)
    times = [time for index in range(len(reader.matches)) for time in reader.read(index)]
    ranges = find_ranges(times, text.text)
    return sorted([*times, *ranges], key=lambda time: (time.end, time.end - time.start))


class _Reader:
    """Reads the matches of one text in order, and remembers the dates it has seen."""

    def __init__(self, text: Text, document: Document) -> None:
        self.text, self.document = text.text, document
        self.lexemes: Lexemes = find_lexemes(text.text, document)
        self.matches = find_matches(drop_verbs(self.lexemes, document))
        self.sentences = [document.starts[token] for token, _ in document.sentences]
        published = text.published_at
        self.today = find_local_day(published, text.zone) if published else None
        # without a publication date the dateline's day takes its place
        origin = "publication" if published else "document"
        self.source = Source(text.text, document, self.lexemes, text.zone, origin)
        if published is None:
            self.today = find_dateline_day(text.text)
        self.history: list[Moment] = []
        self.day: tuple[int, Moment] | None = None
        self.end = -1  # the match that only ends a period: "the quarter ended Sept. 30"
        self.fiscal = False

    def read(self, index: int) -> list[Time]:
        """The rows of a match: none where it is no time, two of "May 3 and 5"."""
        match = self.matches[index]
        start, end = self._span(match)
        if not is_time(match, self.lexemes, self.document, start, end):
            return []
        setting = self._setting(start, end)
        if match.rule.family == "clock" and setting.day is None:
            setting = replace(setting, day=self._day_ahead(index) or self._day_before(start))
        if match.rule.family in ("bare", "duration"):
            setting = replace(setting, until=self._end_ahead(index))
            self.end = index + 1 if setting.until else self.end
        found = resolve(match, self.lexemes, setting)
        if found is None:
            return []
        if index != self.end:
            self._remember(match, found, start)
        rows = [to_row(match, found, start, end, self.source)]
        for shared in find_shared(match, self.lexemes, found, self.text):
            row = to_row(match, shared.found, shared.start, shared.end, self.source)
            rows.append(replace(row, rule=shared.rule))
            self.history.append(shared.moment)
        return sorted(rows, key=lambda row: row.start)

    def _day_ahead(self, index: int) -> Moment | None:
        """The day that follows a clock time closely: "10:35 a.m. (0735 GMT) Friday".

        Of "from 10 a.m. to 5 p.m. Monday" it is that of the second time.
        """
        _, position = self._span(self.matches[index])
        for match in self.matches[index + 1 : index + 3]:
            start, end = self._span(match)
            if match.rule.family == "clock" and _TO.fullmatch(self.text, position, start):
                named = match.found.groupdict()
                if not any(named.get(day) for day in ("weekday", "deictic", "month", "month2")):
                    return None
                found = resolve(match, self.lexemes, self._setting(start, end))
                return found.moment if found else None
            if not _NEAR.fullmatch(self.text, position, start):
                return None
            if match.rule.family in _DAYS:
                found = resolve(match, self.lexemes, self._setting(start, end))
                return (
                    found.moment if found and found.moment and found.moment.grain == "D" else None
                )
            position = end
        return None

    def _end_ahead(self, index: int) -> datetime | None:
        """The end that follows closely: "the quarter ended June 30", "the six months to March".

        A text that counts its quarters by the fiscal year goes on to do so.
        """
        match = self.matches[index]
        _, position = self._span(match)
        following = self.matches[index + 1] if index + 1 < len(self.matches) else None
        if following is None or following.rule.family not in ("date", "month"):
            return None
        if self.fiscal and match.rule.family == "bare":
            return None
        start, end = self._span(following)
        ended = _ENDS.fullmatch(self.text, position, start)
        if ended is None or (ended[1] == "to" and match.rule.name != "duration.the"):
            return None
        found = resolve(following, self.lexemes, self._setting(start, end))
        return found.end_at if found else None

    def _day_before(self, start: int) -> Moment | None:
        """The day that the sentence before told of."""
        if self.day is None or bisect_right(self.sentences, start) - self.day[0] > 1:
            return None
        return self.day[1]

    def _span(self, match: Match) -> tuple[int, int]:
        first, last = match.found.span()
        return self.lexemes.starts[first], self.lexemes.ends[last - 1]

    def _setting(self, start: int, end: int) -> Setting:
        sentence = bisect_right(self.sentences, start)
        day = self.day[1] if self.day and self.day[0] == sentence else None
        return Setting(
            published=self.today,
            history=self.history,
            day=day,
            before=self.text[max(0, start - 24) : start].lower(),
            after=self.text[end : end + 24].lower(),
            tense=lambda: find_tense(self.document, start, end),
        )

    def _remember(self, match: Match, found: Resolved, start: int) -> None:
        if found.value == "P3M" and found.end_at:
            quarter = truncate(found.end_at - MID_QUARTER, "Q")
            self.history.append(quarter)  # the three months whose figures are reported
        if match.rule.name == "duration.the" and self.today and _STRETCH.fullmatch(found.value):
            # after "the nine months", "a year earlier" speaks of years, not of a quarter
            self.history.append(truncate(self.today, "Y"))
        if found.moment is None or _ENDED.search(self.text, max(0, start - 8), start):
            return
        self.fiscal = self.fiscal or bool(match.found.groupdict().get("fiscal"))
        # "a year earlier" is no new ground to reckon from, but "that day" and "the quarter" are
        if (
            found.anchor != "text"
            or found.value == found.anchor_value
            or match.rule.family == "bare"
        ):
            self.history.append(found.moment)
        if found.moment.grain == "D" and match.rule.family in _DAYS:
            self.day = bisect_right(self.sentences, start), found.moment
