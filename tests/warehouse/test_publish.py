"""Publishing: one transaction, superseding, journals."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from transforms.convert import to_arrow
from warehouse import lake
from warehouse.lake import Warehouse, connect, current_versions
from warehouse.publish import keep_records, publish
from warehouse.tables import ARTICLE_VERSIONS, ARTICLES, RUNS, TIMES, Table

NIGHT = datetime(2026, 3, 12, 2, tzinfo=UTC)


def put(folder: Path, table: Table, records: list[dict[str, Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(to_arrow(table.columns, records), folder / f"{table.name}.parquet")


def version(article: str, text: str) -> dict[str, Any]:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {
        "article_id": article, "version": digest[:16], "text": text, "text_sha256": digest,
        "authors": [], "credits": [], "credit_lines": [], "reservations": [],
        "extractor_version": "1",
    }  # fmt: skip


def time_row(article: str, text: str) -> dict[str, Any]:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {
        "time_id": digest[-16:], "article_id": article, "version": digest[:16], "start": 0,
        "end": 1, "surface": text[:1], "sentence": 0, "sentence_start": 0,
        "sentence_end": len(text), "timex_type": "DATE", "anchor": "none", "extractor": "times",
        "extractor_version": "1", "rule": "test",
    }  # fmt: skip


def run_row(run_id: str, state: str = "published") -> dict[str, Any]:
    counts = [c.name for c in RUNS.columns if c.type == "int64"]
    row: dict[str, Any] = dict.fromkeys(counts, 0)
    return row | {"run_id": run_id, "kind": "ingest", "started_at": NIGHT, "state": state,
                  "code_version": "0"}  # fmt: skip


def stage(warehouse: Warehouse, run_id: str, batch: str, article: str, text: str) -> None:
    folder = warehouse.staging(run_id) / batch
    row = version(article, text)
    put(folder, ARTICLE_VERSIONS, [row])
    put(folder, TIMES, [time_row(article, text)])
    article_row = {
        "article_id": article, "source_id": "s", "first_seen_at": NIGHT,
        "current_version": row["version"],
    }  # fmt: skip
    put(folder, ARTICLES, [article_row])


def ask(warehouse: Warehouse, query: str) -> list[tuple[Any, ...]]:
    with connect(warehouse) as connection:
        return connection.execute(query).fetchall()


def test_publish_makes_rows_visible_and_clears_staging(warehouse: Warehouse) -> None:
    stage(warehouse, "r1", "b0", "a", "first text")
    done = publish(warehouse, "r1", NIGHT)
    assert done.rows["article_versions"] == done.rows["times"] == 1
    assert not warehouse.staging("r1").exists()
    assert ask(warehouse, "SELECT run_id, superseded_at FROM times") == [("r1", None)]


def test_a_correction_supersedes_version_and_facts_and_keeps_them(warehouse: Warehouse) -> None:
    stage(warehouse, "r1", "b0", "a", "first text")
    stage(warehouse, "r1", "b1", "other", "untouched text")
    publish(warehouse, "r1", NIGHT)
    later = NIGHT + timedelta(days=1)
    stage(warehouse, "r2", "b0", "a", "second text")
    publish(warehouse, "r2", later)
    current = "SELECT text FROM article_versions WHERE article_id = 'a'"
    assert ask(warehouse, current) == [("second text",)]
    history = "SELECT recorded_at, superseded_at FROM lake.times WHERE article_id = 'a' ORDER BY 1"
    assert ask(warehouse, history) == [(NIGHT, later), (later, None)]
    assert ask(warehouse, "SELECT count(*) FROM times") == [(2,)]
    assert lake_current(warehouse, ["a"]) == {"a": version("a", "second text")["version"]}


def lake_current(warehouse: Warehouse, ids: list[str]) -> dict[str, str]:
    with connect(warehouse) as connection:
        return current_versions(connection, ids)


def test_a_text_that_comes_back_is_recorded_again(warehouse: Warehouse) -> None:
    for day, text in enumerate(("one", "two", "one")):
        stage(warehouse, f"r{day}", "b0", "a", text)
        publish(warehouse, f"r{day}", NIGHT + timedelta(days=day))
    assert ask(warehouse, "SELECT text FROM article_versions") == [("one",)]
    assert ask(warehouse, "SELECT count(*) FROM lake.article_versions") == [(3,)]


def test_one_article_staged_in_two_batches_is_published_once(warehouse: Warehouse) -> None:
    stage(warehouse, "r1", "b0", "a", "canonical")
    stage(warehouse, "r1", "b1", "a", "amp copy")
    publish(warehouse, "r1", NIGHT)
    assert ask(warehouse, "SELECT text FROM article_versions") == [("canonical",)]
    assert ask(warehouse, "SELECT surface FROM times") == [("c",)]


def test_journals_are_seen_at_once_and_published_with_the_next_run(warehouse: Warehouse) -> None:
    put(warehouse.staging("idle") / "run", RUNS, [run_row("idle", "unchanged")])
    keep_records(warehouse, "idle")
    assert ask(warehouse, "SELECT run_id FROM runs") == [("idle",)]
    assert ask(warehouse, "SELECT run_id FROM lake.runs") == []
    stage(warehouse, "r1", "b0", "a", "text")
    put(warehouse.staging("r1") / "run", RUNS, [run_row("r1")])
    publish(warehouse, "r1", NIGHT)
    assert ask(warehouse, "SELECT run_id FROM lake.runs ORDER BY 1") == [("idle",), ("r1",)]
    assert not list((warehouse.root / "journal").iterdir())


def test_a_session_that_a_publish_overtakes_is_begun_anew(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(warehouse.staging("idle") / "run", RUNS, [run_row("idle", "unchanged")])
    keep_records(warehouse, "idle")
    stage(warehouse, "r1", "b0", "a", "text")
    put(warehouse.staging("r1") / "run", RUNS, [run_row("r1")])
    attach, begun = lake.attach, list[bool]()

    def overtaken(*arguments: Any, **options: Any) -> Any:
        begun.append(options["read_only"])
        if begun == [True]:
            # the journal was listed and is not read yet
            publish(warehouse, "r1", NIGHT)
        return attach(*arguments, **options)

    monkeypatch.setattr(lake, "attach", overtaken)
    assert ask(warehouse, "SELECT run_id FROM runs ORDER BY 1") == [("idle",), ("r1",)]
    assert begun == [True, False, True]


def test_a_failed_publish_leaves_the_last_snapshot(warehouse: Warehouse) -> None:
    stage(warehouse, "r1", "b0", "a", "text")
    publish(warehouse, "r1", NIGHT)
    stage(warehouse, "r2", "b0", "a", "newer")
    (warehouse.staging("r2") / "b0" / "times.parquet").write_bytes(b"PAR1 torn")
    with pytest.raises(Exception, match=r"(?i)parquet"):
        publish(warehouse, "r2", NIGHT + timedelta(days=1))
    assert ask(warehouse, "SELECT text FROM article_versions") == [("text",)]
    assert ask(warehouse, "SELECT count(*) FROM lake.times") == [(1,)]
