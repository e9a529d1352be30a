"""What is remembered of a source between runs, beside what HTTP needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flows.fetch.errors import FetchError
from flows.sources.candidate import Candidate
from transforms.article.dates import TOLERANCE, parse_date

LONGEST_REST = timedelta(days=1)


def find_newest(
    candidates: Iterable[Candidate], now: datetime, before: datetime | None
) -> datetime | None:
    """The newest date that entries state, or `before` if newer; dates to come say nothing."""
    newest = before
    for written in {d.value for c in candidates for d in c.dates}:
        found = parse_date(written)
        if found is not None and found <= now + TOLERANCE:
            newest = found if newest is None else max(newest, found)
    return newest


def next_try(error: Exception | None, now: datetime) -> datetime | None:
    """When a source wants to be asked again (Retry-After, a day at most); null: in the next run."""
    pause = error.retry_after if isinstance(error, FetchError) else None
    return now + min(timedelta(seconds=pause), LONGEST_REST) if pause else None


def rests(known: Mapping[str, Any] | None, location: str, now: datetime) -> bool:
    """Whether a source has asked to be left alone until later than now."""
    if known is None or known["location"] != location:
        return False
    until = known["next_try_at"]
    return until is not None and bool(now < until)
