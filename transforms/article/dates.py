"""Publication dates: every candidate is kept with its method, and one is chosen by rank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from dateutil import parser as dateutil_parser
from dateutil.tz import tzoffset

from transforms.article.model import DateCandidate

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
TOLERANCE = timedelta(days=1)

# best first: what the publisher says for machines, what named the page, what was guessed from it
_RANK = (
    "jsonld:datePublished", "microdata:datePublished", "meta:article:published_time",
    "line:published_at", "ninjs:firstcreated", "ninjs:versioncreated", "ninjs:contentcreated",
    "meta:", "jsonld:WebPage.datePublished", "jsonld:dateCreated", "feed:published",
    "sitemap:news", "time:", "feed:", "url:", "htmldate:", "text:",
)  # fmt: skip
_MODIFIED_RANK = ("jsonld:dateModified", "microdata:", "meta:", "jsonld:", "time:")
_MODIFIED = re.compile(r"modif|updat|lastmod|revised", re.I)
# a year, month and day that are parts of an address, in figures or with the month's name
_IN_URL = re.compile(
    r"[/_-]((?:19|20)\d\d)([/_-]?)(0[1-9]|1[0-2]|[1-9](?=\2.)|jan|feb|mar|apr|may|jun|jul|aug|sep|"
    r"oct|nov|dec)\2(0[1-9]|[12]\d|3[01]|[1-9])(?=[/_.-]|$)",
    re.I,
)
# names of zones that news pages write; hours from UTC (RFC 5322 section 4.3, and European ones)
_ZONES = {
    name: hours * 3600
    for name, hours in {
        "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
        "ET": -5, "PT": -8, "CT": -6, "MT": -7, "BST": 1, "IST": 5.5, "CET": 1, "CEST": 2,
        "EET": 2, "EEST": 3, "MSK": 3, "WAT": 1, "EAT": 3, "SAST": 2, "JST": 9, "KST": 9,
        "HKT": 8, "SGT": 8, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    }.items()
}  # fmt: skip
# the date of mail and feeds; email.utils reads far more than this, and misreads it
_MAIL_DATE = re.compile(
    r"(?:[A-Z][a-z]{2}, ?)?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:GMT|UT|[+-]\d{4})"
)
_FIRST, _SECOND = datetime(2001, 1, 1), datetime(2002, 2, 2)


def parse_date(value: str) -> datetime | None:
    """The instant `value` states, aware; null where it states no full date.

    ISO 8601 and RFC 5322 are read, then other common forms. A date without a zone is taken for
    UTC; one without a time is midnight. A part that is missing is never filled in.
    """
    text = re.sub(r"\s+", " ", value).strip()
    if not re.search(r"\d{4}|\d\D+\d\D+\d{2}", text) or len(text) > 80:
        return None
    found = _parse(text)
    if found is None:
        return None
    try:
        aware = found.replace(tzinfo=UTC) if found.tzinfo is None else found
        aware.astimezone(UTC)  # raises where the zone is no zone or leads out of the calendar
    except (ValueError, OverflowError):
        return None
    return aware


def _parse(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if _MAIL_DATE.fullmatch(text):
        try:
            return parsedate_to_datetime(text)
        except ValueError:
            return None
    try:
        # two defaults that differ in every part show what the text itself does not say
        one = dateutil_parser.parse(text, default=_FIRST, tzinfos=_zone)
        two = dateutil_parser.parse(text, default=_SECOND, tzinfos=_zone)
    except (ValueError, OverflowError, TypeError):
        return None
    return one if one.date() == two.date() else None


def _zone(name: str | None, offset: int | None) -> tzoffset | None:
    """The zone of a stated offset or known name; an unknown name says nothing."""
    if offset is not None:
        return tzoffset(name, offset)
    seconds = _ZONES.get(name or "")
    return None if seconds is None else tzoffset(name, int(seconds))


def judge_dates(
    candidates: Iterable[DateCandidate], fetched_at: datetime
) -> tuple[DateCandidate, ...]:
    """`candidates`, each once, with the reason why a date cannot be chosen where there is one.

    A date before 1990 or after the fetch (plus a day, for clocks and zones) is not plausible.
    """
    judged = (replace(c, refused=_refuse(parse_date(c.value), fetched_at)) for c in candidates)
    return tuple(dict.fromkeys(judged))


def _refuse(moment: datetime | None, fetched_at: datetime) -> str | None:
    if moment is None:
        return "unreadable"
    if moment < EARLIEST:
        return "before_1990"
    return "in_future" if moment > fetched_at + TOLERANCE else None


def choose_published(
    candidates: Sequence[DateCandidate], fetched_at: datetime
) -> tuple[datetime | None, str | None]:
    """The best plausible publication date, and its method; nulls where there is none."""
    stated = [c for c in candidates if not _MODIFIED.search(c.method)]
    return _choose(stated, _RANK, fetched_at)


def choose_modified(
    candidates: Sequence[DateCandidate], fetched_at: datetime, published_at: datetime | None
) -> tuple[datetime | None, str | None]:
    """The last change that the page states and its method; not before it was published."""
    stated = [c for c in candidates if _MODIFIED.search(c.method)]
    modified_at, method = _choose(stated, _MODIFIED_RANK, fetched_at)
    if modified_at and published_at and modified_at < published_at - TOLERANCE:
        return None, None
    return modified_at, method


def find_url_date(url: str) -> DateCandidate | None:
    """The day in an address such as ``/2020/07/26/ferries`` or ``/2020-jul-26``."""
    match = _IN_URL.search(url.split("?")[0])
    if match is None:
        return None
    year, _, month, day = match.groups()
    return DateCandidate("url:path", f"{year}-{month:>02}-{day:>02}")


def _choose(
    candidates: Sequence[DateCandidate], rank: Iterable[str], fetched_at: datetime
) -> tuple[datetime | None, str | None]:
    for prefix in rank:
        for candidate in candidates:
            if candidate.method.startswith(prefix):
                moment = parse_date(candidate.value)
                if moment is not None and _refuse(moment, fetched_at) is None:
                    return moment, candidate.method
    return None, None
