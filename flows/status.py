"""`dateline status`: whether somebody has to look, for people and for monitoring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import duckdb

from expectations.measure import figure
from warehouse.lake import Warehouse, connect

Row = dict[str, Any]

MAX_AGE = 36.0
"""Hours after which the last good run is too long ago: a night was missed."""

RUN_FAILED = "run:failed"
"""The key of the trouble that the last run failed."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that somebody should look at.

    Attributes:
        key: the same in every run in which it is the same trouble.
        owner: who acts on it.
        hint: what to do.
    """

    key: str
    severity: str
    words: str
    owner: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """How the warehouse is.

    Attributes:
        last_run: its row of `runs`, null where nothing has run.
        age_hours: since the last run that did not fail.
        open_quarantine: rows held back, by table.
        sources: source_id, hours since its last new article, failures in a row.
        troubles: what is wrong, the worst first.
        balance: the last run's row of `run_balance`, null where it has none.
    """

    last_run: Row | None
    age_hours: float | None
    open_quarantine: dict[str, int]
    sources: list[Row]
    troubles: list[Trouble]
    balance: Row | None = None

    @property
    def well(self) -> bool:
        """Whether nobody has to look."""
        return not self.troubles

    def to_json(self) -> Row:
        """All of it, and whether it is well."""
        return asdict(self) | {"well": self.well}


def read_status(
    warehouse: Warehouse,
    now: datetime,
    max_age: float = MAX_AGE,
    owners: Mapping[str, str] | None = None,
) -> Status:
    """How the warehouse is at `now`; `owners` says who the owners of expectations are.

    Raises:
        WarehouseError: there is none.
    """
    with connect(warehouse) as connection:
        runs = _ask(connection, "SELECT * FROM runs WHERE kind = 'ingest'"
                                " ORDER BY started_at DESC LIMIT 1")  # fmt: skip
        (good,) = _ask(
            connection,
            "SELECT max(started_at) AS at FROM runs WHERE state IN ('published', 'unchanged')"
            " AND kind = 'ingest'",
        )
        age = (now - good["at"]).total_seconds() / 3600 if good["at"] else None
        held = _ask(
            connection,
            "SELECT table_name, count(*) AS n FROM quarantine WHERE state = 'open'"
            " GROUP BY ALL ORDER BY ALL",
        )
        return Status(
            runs[0] if runs else None,
            age,
            {row["table_name"]: row["n"] for row in held},
            _sources(connection, now),
            _run_troubles(runs, age, max_age) + find_failing(connection, owners or {}),
            _balance(connection, runs),
        )


def _balance(connection: duckdb.DuckDBPyConnection, runs: list[Row]) -> Row | None:
    found = _ask(
        connection,
        "SELECT * FROM run_balance WHERE adds_up IS NOT NULL AND kind = 'ingest'"
        " ORDER BY started_at DESC LIMIT 1",
    )
    return found[0] if found and found[0]["run_id"] == runs[0]["run_id"] else None


def balance_words(balance: Mapping[str, Any]) -> str:
    """What became of all that came into a run, and what of it is missing."""
    parts = [
        f"{balance[name]:,} {words}"
        for name, words in (("new", "new"), ("unchanged", "unchanged"), ("held", "held back"),
                            ("failed", "failed"), ("left_out", "left out"),
                            ("missing", "MISSING"))
        if balance[name]
    ]  # fmt: skip
    rows = balance["rows_missing"]
    lost = f"; {rows:,} fact rows MISSING" if rows else ""
    return f"{balance['items_in']:,} pages and documents: {', '.join(parts) or 'nothing'}{lost}"


def _sources(connection: duckdb.DuckDBPyConnection, now: datetime) -> list[Row]:
    rows = _ask(
        connection,
        "SELECT s.source_id, s.failures, max(a.first_seen_at) AS newest"
        " FROM sources s LEFT JOIN articles a USING (source_id) GROUP BY ALL ORDER BY ALL",
    )
    return [
        {
            "source_id": row["source_id"],
            "failures": row["failures"],
            "silent_hours": (now - row["newest"]).total_seconds() / 3600 if row["newest"] else None,
        }
        for row in rows
    ]


def _run_troubles(runs: list[Row], age: float | None, max_age: float) -> list[Trouble]:
    if not runs:
        return [Trouble("run:none", "critical", "Nothing has run yet.", "pipeline",
                        "Run `dateline ingest`.")]  # fmt: skip
    found = []
    if runs[0]["state"] == "failed":
        words = f"The last run failed: {runs[0]['message'] or 'no reason was recorded'}"
        found.append(Trouble(RUN_FAILED, "critical", words, "pipeline",
                             "`dateline report` has what was checked until then."))  # fmt: skip
    if age is None or age > max_age:
        ago = "There is no run that ended well" if age is None else f"It was {age:.0f} hours ago"
        words = f"{ago}; at most {max_age:.0f} hours are expected between good runs."
        found.append(Trouble("run:stale", "critical", words, "pipeline",
                             "See whether the schedule still starts it."))  # fmt: skip
    return found


def find_failing(connection: duckdb.DuckDBPyConnection, owners: Mapping[str, str]) -> list[Trouble]:
    """The failing rules and measures of the last run; what is for information is no trouble."""
    rows = _ask(connection, "SELECT * FROM failing_checks WHERE severity <> 'info'")
    # a rule that sources break is named with each of them, not once more for all
    told = {(r["table_name"], r["expectation"]) for r in rows if r["source_id"] != "*"}
    return [
        Trouble(
            f"{row['table_name']}/{row['expectation']}/{row['source_id']}",
            row["severity"],
            in_words(row),
            owners.get(row["owner"], row["owner"]),
            row["hint"],
        )
        for row in rows
        if row["source_id"] != "*" or (row["table_name"], row["expectation"]) not in told
    ]


def in_words(row: Mapping[str, Any]) -> str:
    """A failing check in one sentence: where, what was expected, what came, and since when."""
    where = "" if row["source_id"] == "*" else f"{row['source_id']}: "
    if row["value"] is None:
        came = f"{row['rows_failed']:,} of {row['rows_checked']:,} {row['table_name']} broke it"
    else:
        bounds = [
            f"{word} {figure(row[end])}"
            for word, end in (("at least", "low"), ("at most", "high"))
            if row[end] is not None
        ]
        came = f"{figure(row['value'])}, expected {' and '.join(bounds)}"
    since = f", since {row['failing_since']:%Y-%m-%d}" if row["runs"] > 1 else ""
    return f"{where}{row['description']} ({row['expectation']}: {came}{since})"


def _ask(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    result = connection.execute(query)
    names = [d[0] for d in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def to_text(status: Status) -> str:
    """The status as lines for a terminal."""
    run = status.last_run
    lines = []
    if run is not None:
        lines.append(
            f"last run     {run['run_id']}  {run['state']}  {run['started_at']:%Y-%m-%d %H:%M} UTC"
        )
    if status.age_hours is not None:
        lines.append(f"last good    {status.age_hours:.1f} hours ago")
    held = ", ".join(f"{count} {table}" for table, count in status.open_quarantine.items())
    lines.append(f"quarantine   {held or 'nothing is open'}")
    if status.balance:
        lines.append(f"came in      {balance_words(status.balance)}")
    for source in status.sources:
        silent = source["silent_hours"]
        newest = "no article yet" if silent is None else f"newest article {silent:.0f} hours ago"
        failures = f", {source['failures']} failures in a row" if source["failures"] else ""
        lines.append(f"source       {source['source_id']}: {newest}{failures}")
    for trouble in status.troubles:
        lines.append(f"{trouble.severity:<12} {trouble.words}")
        if trouble.hint:
            lines.append(f"             {trouble.owner}: {trouble.hint}")
    lines.append("All is well." if status.well else f"{len(status.troubles)} to look at.")
    return "\n".join(lines)
