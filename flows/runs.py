"""The history of runs: what ran, how it ended, what each stage cost, and what it said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flows.log import log_path
from flows.run import STAGES
from warehouse.lake import Warehouse, WarehouseError, connect

LEVELS = ("debug", "info", "warning", "error")
_LIST = (
    "SELECT run_id, kind, state, started_at, date_diff('millisecond', started_at, ended_at) / 1000"
    " AS seconds, articles_in, articles_new, rows_out, rows_quarantined, fetch_failures, message"
    " FROM runs WHERE {} ORDER BY started_at DESC, run_id LIMIT ?"
)

Row = dict[str, Any]


class UnknownRun(WarehouseError):
    """There is no such run, or several that begin so."""


def list_runs(
    warehouse: Warehouse, limit: int, *, state: str | None = None, kind: str | None = None
) -> list[Row]:
    """The last runs, newest first."""
    wanted = {"state": state, "kind": kind}
    where = [f"{name} = ?" for name, value in wanted.items() if value is not None]
    values: list[Any] = [value for value in wanted.values() if value is not None]
    return _ask(warehouse, _LIST.format(" AND ".join(where) or "true"), [*values, limit])


def find_run(warehouse: Warehouse, wanted: str | None) -> str:
    """The id of the run that begins so; the last run where nothing is given.

    Raises:
        UnknownRun: none begins so, or several do.
    """
    rows = _ask(
        warehouse,
        "SELECT run_id FROM runs WHERE starts_with(run_id, ?) ORDER BY started_at DESC",
        [wanted or ""],
    )
    found = [str(row["run_id"]) for row in rows]
    if not found:
        logs = log_path(warehouse, wanted or "none")
        if wanted and logs.is_file():  # a run that was killed has a log and no row
            return wanted
        raise UnknownRun(
            f"there is no run {wanted}: `dateline runs list` lists them" if wanted
            else "nothing has run yet: `dateline ingest` comes first"
        )  # fmt: skip
    if wanted in found:
        return str(wanted)
    if wanted and len(found) > 1:
        raise UnknownRun(f"several runs begin with {wanted}: {', '.join(found[:5])}")
    return found[0]


def show_run(warehouse: Warehouse, run_id: str) -> Row:
    """All that is known of a run: its row, its stages in order, and what it held back."""
    runs = _ask(warehouse, "SELECT * FROM runs WHERE run_id = ?", [run_id])
    if not runs:
        raise UnknownRun(f"run {run_id} was killed before it was recorded; it has left its log")
    stages = _ask(
        warehouse,
        "SELECT stage, rows_in, rows_out, rows_quarantined, seconds, cpu_seconds,"
        " CASE WHEN seconds > 0 THEN rows_in / seconds END AS rows_per_second, peak_memory"
        f" FROM run_stages WHERE run_id = ? ORDER BY list_position({list(STAGES)}, stage), stage",
        [run_id],
    )
    held = _ask(
        warehouse,
        "SELECT reason, count(*) AS count FROM quarantine WHERE run_id = ? GROUP BY ALL"
        " ORDER BY count DESC, reason LIMIT 20",
        [run_id],
    )
    run = runs[0]
    for name in ("settings", "versions", "extractors", "left_out"):
        run[name] = json.loads(run[name]) if run[name] else None
    return run | {"stages": stages, "held_back": held}


def read_log(path: Path, level: str = "debug") -> Iterator[Row]:
    """The events of a log of this level and above, in order; a line cut off is left out."""
    least = LEVELS.index(level)
    with path.open(encoding="utf-8") as handle:
        for line in handle:
            if not line.endswith("\n"):
                return
            event = json.loads(line)
            if event["level"] not in LEVELS or LEVELS.index(event["level"]) >= least:
                yield event


def _ask(warehouse: Warehouse, query: str, values: list[Any]) -> list[Row]:
    with connect(warehouse) as connection:
        result = connection.execute(query, values)
        names = [d[0] for d in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
