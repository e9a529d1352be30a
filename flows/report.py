"""`dateline report`: from the warehouse to one self-contained HTML page."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd

from expectations.brief import to_json, to_markdown
from expectations.report import ReportData, to_html
from flows.run import STAGES
from transforms.convert import as_frame
from warehouse.lake import Warehouse, WarehouseError, connect
from warehouse.tables import ARTICLE_VERSIONS, ARTICLES, DUPLICATES, FACTS, REGISTRY

HISTORY = 60
TREND = 60
EXAMPLES = 200
DOCS_ROWS = 5000
"""Rows of a table that Data Docs are made of, so that a large night does not fill the memory."""

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
    "balance": "SELECT * FROM run_balance WHERE run_id = $run AND adds_up IS NOT NULL",
    "history": f"""
        SELECT * FROM (SELECT * FROM runs WHERE run_id <= $run
                       ORDER BY started_at DESC LIMIT {HISTORY}) ORDER BY started_at""",
    "failures": """
        SELECT source_id, url, error_class, error FROM fetches
        WHERE run_id = $run AND error_class IS NOT NULL ORDER BY source_id, url""",
    "trends": f"""
        SELECT started_at, table_name, expectation, source_id, value, low, high, success
        FROM check_history
        WHERE value IS NOT NULL AND run_id IN (
            SELECT run_id FROM runs WHERE started_at <= $started AND kind = 'ingest'
            ORDER BY started_at DESC LIMIT {TREND})
        ORDER BY table_name, expectation, source_id, started_at""",
    "stories": """
        SELECT 'articles: ' || relation AS what, count(*) AS rows FROM lake.duplicates
        WHERE run_id = $run GROUP BY ALL
        UNION ALL SELECT 'new entities: ' || type, count(*) FROM lake.entities
        WHERE run_id = $run GROUP BY ALL
        UNION ALL SELECT 'decisions about entities: ' || kind, count(*) FROM lake.entity_decisions
        WHERE run_id = $run GROUP BY ALL ORDER BY ALL""",
}  # fmt: skip

FORMATS = ("html", "markdown", "json")


def write_report(
    warehouse: Warehouse, out: Path | None, run_id: str | None, form: str = "html"
) -> Path | None:
    """Write the quality report of a run, by default of the last; its path.

    Markdown and JSON without `out` go to standard output, and there is no path.

    Raises:
        WarehouseError: there is no such run.
    """
    with connect(warehouse) as connection:
        data = _read(connection, _run_id(connection, run_id))
    content = {"html": to_html, "markdown": to_markdown, "json": to_json}[form](data)
    if out is None and form != "html":
        print(content, end="")
        return None
    path = out or warehouse.root / "report.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def write_docs(warehouse: Warehouse, folder: Path, run_id: str | None) -> Path:
    """Write Great Expectations' Data Docs of what a run published; the path of the first page.

    Raises:
        WarehouseError: there is no such run.
    """
    from expectations.datadocs import write_data_docs  # here: Great Expectations is slow to import

    with connect(warehouse) as connection:
        run = _run_id(connection, run_id)
        row = connection.execute("SELECT started_at FROM runs WHERE run_id = ?", [run]).fetchone()
        assert row is not None  # _run_id has seen it
        frames = {
            table.name: as_frame(
                connection.execute(
                    f"SELECT * FROM lake.{table.name} WHERE run_id = ? LIMIT {DOCS_ROWS}", [run]
                )
                .to_arrow_table()
                .select([c.name for c in table.columns])
            )
            for table in (ARTICLE_VERSIONS, *FACTS)
        }
    return write_data_docs(frames, row[0], folder)


def _run_id(connection: duckdb.DuckDBPyConnection, wanted: str | None) -> str:
    rows = connection.execute(
        "SELECT run_id, kind FROM runs ORDER BY kind <> 'ingest', started_at DESC"
    ).fetchall()
    known = [str(row[0]) for row in rows]
    if not known:
        raise WarehouseError("nothing has run yet: `dateline ingest` comes first")
    if wanted is None:
        return known[0]
    if wanted not in known:
        raise WarehouseError(f"there is no run {wanted}; the last ones are {', '.join(known[:5])}")
    return wanted


def _read(connection: duckdb.DuckDBPyConnection, run_id: str) -> ReportData:
    (started,) = connection.execute(
        "SELECT started_at FROM runs WHERE run_id = ?", [run_id]
    ).fetchone() or (None,)
    values = {"run": run_id, "started": started}
    frames: dict[str, pd.DataFrame] = {
        name: connection.execute(query, {k: v for k, v in values.items() if f"${k}" in query}).df()
        for name, query in _QUERIES.items()
    }
    counts = " UNION ALL ".join(
        f"SELECT '{t.name}' AS table_name, count(*) AS rows FROM {t.name}"
        for t in (ARTICLES, ARTICLE_VERSIONS, DUPLICATES, *FACTS, *REGISTRY)
    )
    return ReportData(
        **frames,
        counts=connection.execute(counts).df(),
        texts=_texts(connection, frames["checks"], frames["quarantine"]),
    )


def _texts(
    connection: duckdb.DuckDBPyConnection, checks: pd.DataFrame, quarantine: pd.DataFrame
) -> pd.DataFrame:
    """The texts that examples of failing rules point to."""
    rows = [json.loads(text) for text in quarantine["row_json"]]
    for observed in checks.loc[~checks["success"].astype(bool), "observed"].dropna():
        rows += json.loads(observed).get("examples", [])
    pairs = [(r.get("article_id"), r.get("version")) for r in rows if isinstance(r, dict)]
    articles = sorted({a for a, v in pairs if a and v})
    found: pd.DataFrame = connection.execute(
        "SELECT DISTINCT article_id, version, text FROM lake.article_versions"
        " WHERE article_id IN (SELECT unnest(?))",
        [articles],
    ).df()
    return found
