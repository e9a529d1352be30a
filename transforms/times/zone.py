"""Instants of clock times: their zone is the text's, else the source's, else none."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


@cache
def load_zone(name: str) -> tzinfo:
    """The zone of an offset ("-05:00"), "Z", or an IANA name ("Europe/Athens").

    Raises:
        zoneinfo.ZoneInfoNotFoundError: no such zone.
    """
    if name == "Z":
        return UTC
    found = _OFFSET.fullmatch(name)
    if found is None:
        return ZoneInfo(name)
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == "-" else offset)


def to_utc(local: datetime, zone: str) -> datetime:
    """The naive UTC instant of a wall clock; of an hour that comes twice the first.

    An hour that a change of clocks leaves out is read as if the clocks had not changed.
    """
    try:
        return local.replace(tzinfo=load_zone(zone)).astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return local


def find_local_day(published: datetime, zone: str | None) -> datetime:
    """Midnight of the publication day as the source's readers see it.

    Midnight UTC says that only the day is known, which is then taken as it stands.
    """
    known = published.replace(tzinfo=UTC) if published.tzinfo is None else published.astimezone(UTC)
    if zone is not None and known.time() != datetime.min.time():
        known = known.astimezone(load_zone(zone))
    return datetime(known.year, known.month, known.day)
