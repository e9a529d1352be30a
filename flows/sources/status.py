"""`dateline sources`: each configured source with its state and health, from the warehouse."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from flows.settings import Settings, SourceSettings
from warehouse.lake import connect

STALE_DAYS = 3
"""Days without a success, or a newer entry, after which a source is worth a look."""
_COLUMNS = (
    "last_success_at", "failures", "last_error", "watermark_at", "entries", "position",
    "next_try_at", "updated_at",
)  # fmt: skip


def read_states(settings: Settings) -> dict[str, dict[str, Any]]:
    """The remembered states by source id; empty where nothing was ingested yet."""
    if not settings.lake.exists():
        return {}
    with connect(settings.lake) as connection:
        rows = connection.execute(
            f"SELECT source_id, location, {', '.join(_COLUMNS)} FROM sources"
        ).fetchall()
    return {row[0]: dict(zip(("location", *_COLUMNS), row[1:], strict=True)) for row in rows}


def to_status(
    source: SourceSettings, state: dict[str, Any] | None, now: datetime
) -> dict[str, Any]:
    """A source's configuration, state and health: ``new``, ``ok``, ``stale``, ``failing``."""
    known = state if state is not None and state["location"] == source.location else None
    status: dict[str, Any] = {"id": source.id, "kind": source.kind, "location": source.location}
    status |= {name: known[name] if known else None for name in _COLUMNS}
    status["failures"] = status["failures"] or 0
    status["health"] = _health(status, source, now)
    return status


def _health(status: dict[str, Any], source: SourceSettings, now: datetime) -> str:
    if status["updated_at"] is None:
        return "new"
    if status["failures"]:
        return "failing"
    newest = status["watermark_at"]
    listing = source.kind in ("feed", "sitemap", "site")
    quiet = listing and newest is not None and (now - newest).days >= STALE_DAYS
    return "stale" if quiet or (now - status["last_success_at"]).days >= STALE_DAYS else "ok"


def show_sources(settings: Settings, *, as_json: bool) -> None:
    """Print the states of the configured sources, as a table or as JSON lines."""
    now = datetime.now(UTC)
    states = read_states(settings)
    rows = [to_status(source, states.get(source.id), now) for source in settings.sources]
    if as_json:
        for row in rows:
            values = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in row.items()}
            print(json.dumps(values, ensure_ascii=False))
        return
    console = Console()
    if not rows:
        console.print("No sources are configured: add [[sources]] to dateline.toml.")
        return
    # a pipe has no width: there, no cell is cut
    console = console if console.is_terminal else Console(width=240)
    console.print(_table(rows, now))
    for row in rows:
        if row["last_error"]:
            console.print(f"{row['id']}: {row['last_error']}", markup=False, soft_wrap=True)


def _table(rows: list[dict[str, Any]], now: datetime) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("source", "kind", "health", "last success"):
        table.add_column(name, no_wrap=True)
    for name in ("failures", "entries"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("newest entry", no_wrap=True)
    table.add_column("next try", no_wrap=True)
    colours = {"ok": "green", "failing": "red", "stale": "yellow", "new": "dim"}
    for row in rows:
        entries = "" if row["entries"] is None else f"{row['entries']:,}"
        later = row["next_try_at"] is not None and row["next_try_at"] > now
        table.add_row(
            row["id"], row["kind"], f"[{colours[row['health']]}]{row['health']}[/]",
            _moment(row["last_success_at"]), str(row["failures"]), entries,
            _moment(row["watermark_at"]),
            _moment(row["next_try_at"]) if later else "next ingest",
        )  # fmt: skip
    return table


def _moment(at: datetime | None) -> str:
    return "never" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M}Z"
