"""Which snapshots stay: all of the last days, then one a day, then one a week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Retention:
    """How long, in days before now, each tier reaches; beyond the last nothing is kept.

    The rows say themselves when the warehouse knew them (``recorded_at``, ``superseded_at``), so
    snapshots only save from mistakes.
    """

    all_days: float = 7
    daily_days: float = 31
    weekly_days: float = 366


def expired(snapshots: Mapping[int, datetime], retention: Retention, now: datetime) -> list[int]:
    """Those of these snapshots (id and time) that are to go, ascending; never the newest.

    Of a day (UTC) or an ISO week its last snapshot stays.
    """
    kept: set[object] = set()
    gone = []
    for number, made in sorted(snapshots.items(), reverse=True):
        age = now - made
        tier: object
        if age <= timedelta(days=retention.all_days) or not kept:
            tier = number
        elif age <= timedelta(days=retention.daily_days):
            tier = made.date()
        elif age <= timedelta(days=retention.weekly_days):
            tier = made.isocalendar()[:2]
        else:
            gone.append(number)
            continue
        if tier in kept:
            gone.append(number)
        kept.add(tier)
    return sorted(gone)
