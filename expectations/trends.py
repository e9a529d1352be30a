"""What the charts of the report show: values over runs, in the bands expected of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]
Chart = dict[str, Any]
"""title, about, failing, at (seconds), low, high, lines [{name, colour, values}], bad; values are
null where there are none."""

RUN_CHARTS = (
    (("rows_out", "facts published", "--bar"), ("rows_quarantined", "held back", "--warn")),
    (("articles_new", "new versions", "--bar"), ("fetch_failures", "failed fetches", "--warn")),
)


def run_charts(history: Sequence[Record]) -> list[Chart]:
    """How much each run brought, and how much of it failed."""
    if not history:
        return []
    at = [run["started_at"].timestamp() for run in history]
    charts = []
    for lines in RUN_CHARTS:
        charts.append(
            {
                "title": " and ".join(name for _, name, _ in lines),
                "about": "*",
                "failing": False,
                "at": at,
                "low": None,
                "high": None,
                "lines": [
                    {"name": name, "colour": colour, "values": [_plain(r.get(c)) for r in history]}
                    for c, name, colour in lines
                ],
                "bad": None,
            }
        )
    return charts


def measure_charts(rows: Iterable[Record]) -> list[Chart]:
    """A chart for each measure and source; those that fail in their last run come first.

    Args:
        rows: of check_history, with a value, in the order of time.
    """
    grouped: dict[tuple[str, str, str], list[Record]] = {}
    for row in rows:
        key = (row["table_name"], row["expectation"], row["source_id"])
        grouped.setdefault(key, []).append(row)
    charts = [_measure_chart(key, points) for key, points in grouped.items()]
    return sorted(charts, key=lambda chart: not chart["failing"])


def _measure_chart(key: tuple[str, str, str], points: Sequence[Record]) -> Chart:
    table, measure, source = key
    values = [_plain(p["value"]) for p in points]
    bad = [None if p["success"] else v for p, v in zip(points, values, strict=True)]
    high = [_plain(p["high"]) for p in points]
    low = [_plain(p["low"]) for p in points]
    # where one side has no bound, the band reaches to the edge of the chart
    top = max([v for v in (*values, *high) if v is not None], default=1.0)
    low = [0.0 if w is None and h is not None else w for w, h in zip(low, high, strict=True)]
    high = [top if h is None and w is not None else h for w, h in zip(low, high, strict=True)]
    banded = any(h is not None for h in high)
    return {
        "title": f"{table} {measure}",
        "about": source,
        "failing": not points[-1]["success"],
        "at": [p["started_at"].timestamp() for p in points],
        "low": low if banded else None,
        "high": high if banded else None,
        "lines": [{"name": measure, "colour": "--bar", "values": values}],
        "bad": bad if any(v is not None for v in bad) else None,
    }


def _plain(value: Any) -> float | None:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return round(float(value), 4)
