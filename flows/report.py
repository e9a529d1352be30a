"""`dateline report`: from the warehouse to one self-contained HTML page."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from expectations.report import ReportData, to_html
from flows.run import STAGES
from warehouse.lake import Warehouse, WarehouseError, connect
from warehouse.tables import ARTICLE_VERSIONS, ARTICLES, FACTS

HISTORY = 30
EXAMPLES = 200

_QUERIES = {
    "run": "SELECT * FROM runs WHERE run_id = $run",
    "stages": f"""
        SELECT * FROM run_stages WHERE run_id = $run
        ORDER BY list_position({list(STAGES)}, stage)""",
    "sources": """
        SELECT s.source_id, s.kind, s.location, s.last_success_at, s.last_error, s.failures,
               count(f.fetch_id) AS fetches,
               count(f.fetch_id) FILTER (f.error_class IS NOT NULL) AS failed,
               (SELECT count(*) FROM quarantine q
                WHERE q.source_id = s.source_id AND q.state = 'open') AS quarantined,
               (SELECT count(*) FROM articles a WHERE a.source_id = s.source_id) AS articles
        FROM sources s LEFT JOIN fetches f ON f.source_id = s.source_id AND f.run_id = $run
        GROUP BY ALL ORDER BY s.source_id""",
    "checks": """
        SELECT * FROM checks WHERE run_id = $run
        ORDER BY success, severity, table_name, expectation""",
    "quarantine": f"""
        SELECT * FROM quarantine WHERE state = 'open'
        ORDER BY run_id = $run DESC, recorded_at DESC, table_name, quarantine_id
        LIMIT {EXAMPLES}""",
    "history": f"""
        SELECT * FROM (SELECT * FROM runs WHERE run_id <= $run
                       ORDER BY started_at DESC LIMIT {HISTORY}) ORDER BY started_at""",
    "failures": """
        SELECT source_id, url, error_class, error FROM fetches
        WHERE run_id = $run AND error_class IS NOT NULL ORDER BY source_id, url""",
}  # fmt: skip


def write_report(warehouse: Warehouse, out: Path | None, run_id: str | None) -> Path:
    """Write the quality report of a run, by default of the last; the page's path.

    Raises:
        WarehouseError: there is no such run.
    """
    with connect(warehouse) as connection:
        data = _read(connection, _run_id(connection, run_id))
    path = out or warehouse.root / "report.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_html(data), encoding="utf-8")
    return path


def _run_id(connection: duckdb.DuckDBPyConnection, wanted: str | None) -> str:
    rows = connection.execute("SELECT run_id FROM runs ORDER BY started_at DESC").fetchall()
    known = [str(row[0]) for row in rows]
    if not known:
        raise WarehouseError("nothing has run yet: `dateline ingest` comes first")
    if wanted is None:
        return known[0]
    if wanted not in known:
        raise WarehouseError(f"there is no run {wanted}; the last ones are {', '.join(known[:5])}")
    return wanted


def _read(connection: duckdb.DuckDBPyConnection, run_id: str) -> ReportData:
    frames: dict[str, pd.DataFrame] = {
        name: connection.execute(query, {"run": run_id} if "$run" in query else {}).df()
        for name, query in _QUERIES.items()
    }
    counts = " UNION ALL ".join(
        f"SELECT '{t.name}' AS table_name, count(*) AS rows FROM {t.name}"
        for t in (ARTICLES, ARTICLE_VERSIONS, *FACTS)
    )
    return ReportData(**frames, counts=connection.execute(counts).df())
