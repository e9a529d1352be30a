"""Nights of a few small articles, put into a warehouse wherever it lies, and all its rows."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.registry.follow import follow
from flows.registry.night import register_staged
from flows.story import cluster_staged, keep_stories
from transforms.convert import to_arrow
from transforms.text import key_of, version_of
from warehouse.lake import Warehouse, connect
from warehouse.publish import Published, publish
from warehouse.store import write_parquet
from warehouse.tables import (
    ARTICLE_VERSIONS,
    ARTICLES,
    MENTIONS,
    RUNS,
    TABLES,
    TIMES,
    Table,
)

NIGHT = datetime(2026, 3, 12, 2, tzinfo=UTC)

Rows = dict[str, list[tuple[Any, ...]]]


def put(warehouse: Warehouse, run_id: str, part: str, table: Table, rows: list[Any]) -> None:
    """Stage rows of a table."""
    folder = warehouse.staging(run_id) / part
    folder.mkdir(parents=True, exist_ok=True)
    write_parquet(to_arrow(table.columns, rows), folder / f"{table.name}.parquet")


def stage(warehouse: Warehouse, run_id: str, texts: dict[str, str]) -> None:
    """Stage articles by name, each in a batch of its own, and the row of the run."""
    for name, text in texts.items():
        digest = hashlib.sha256(text.encode()).hexdigest()
        named = {"article_id": key_of(name), "version": version_of(None, text)}
        span = named | {
            "start": 0, "end": 4, "surface": text[:4], "sentence": 0, "sentence_start": 0,
            "sentence_end": len(text), "extractor_version": "1", "rule": "test",
        }  # fmt: skip
        put(warehouse, run_id, name, ARTICLE_VERSIONS, [named | {
            "url": f"https://post.example/{name}", "text": text, "text_sha256": digest,
            "authors": [], "credits": [], "credit_lines": [], "reservations": [],
            "published_at": NIGHT, "extractor_version": "1",
        }])  # fmt: skip
        put(warehouse, run_id, name, ARTICLES, [{
            "article_id": key_of(name), "source_id": "post", "first_seen_at": NIGHT,
            "canonical_url": f"https://post.example/{name}",
            "current_version": named["version"],
        }])  # fmt: skip
        put(warehouse, run_id, name, TIMES, [span | {
            "time_id": key_of(name, text), "timex_type": "DATE", "anchor": "none",
            "extractor": "times",
        }])  # fmt: skip
        put(warehouse, run_id, name, MENTIONS, [span | {
            "mention_id": key_of("m", name, text), "type": "PERSON", "canonical_name": "Ann Orrin",
            "entity_id": key_of("PERSON", "ann orrin"), "extractor": "entities",
        }])  # fmt: skip
    counts: dict[str, Any] = {c.name: 0 for c in RUNS.columns if c.type == "int64"}
    put(warehouse, run_id, "run", RUNS, [counts | {
        "run_id": run_id, "kind": "ingest", "started_at": NIGHT, "state": "published",
        "code_version": "0", "articles_new": len(texts),
    }])  # fmt: skip


def plain_night(warehouse: Warehouse, number: int, texts: dict[str, str]) -> Published:
    """A night without stories and entities."""
    run_id = f"run-{number:03d}"
    stage(warehouse, run_id, texts)
    return publish(warehouse, run_id, NIGHT + timedelta(days=number))


def night(warehouse: Warehouse, number: int, texts: dict[str, str]) -> Published:
    """A whole night, with stories and entities."""
    run_id, at = f"run-{number:03d}", NIGHT + timedelta(days=number)
    stage(warehouse, run_id, texts)
    stories = cluster_staged(warehouse, run_id)
    register_staged(warehouse, run_id, at)
    done = publish(warehouse, run_id, at)
    keep_stories(warehouse, stories)
    follow(warehouse)
    return done


def some_nights(warehouse: Warehouse) -> None:
    """Two nights: a correction, a copy, and something new in each."""
    for number in range(2):
        night(warehouse, number, {
            "a": f"Text {number} of the first article, which is corrected every night.",
            f"b{number}": f"Text {number} of others. " * 10,
            f"copy{number}": f"Text {number} of others. " * 10,
        })  # fmt: skip


def rows_of(warehouse: Warehouse) -> Rows:
    """Every row of every table, superseded ones too, in an order of their own."""
    with connect(warehouse) as connection:
        return {
            table.name: connection.execute(
                f"SELECT * FROM lake.main.{table.name} ORDER BY ALL"
            ).fetchall()
            for table in TABLES
        }
