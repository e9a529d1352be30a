"""Two ways to put the workers' staged files into the lake: read and write them, or register them.

``python -m benchmarks.register [BATCHES]`` times both on a real Postgres and a real S3 server on
this machine, with the mentions of so many batches of 100 articles, and queries over what they
leave.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks.servers import KEY, REGION, SECRET, running_postgres, running_store
from transforms.convert import to_arrow
from transforms.text import key_of
from warehouse.lake import Warehouse, attach, create, literal, quote
from warehouse.location import Location
from warehouse.store import list_files, write_parquet
from warehouse.tables import MENTIONS

ARTICLES, MENTIONS_EACH = 100, 20
NOW = datetime(2026, 3, 12, tzinfo=UTC)


def stage(warehouse: Warehouse, batches: int) -> list[str]:
    """Stage mentions as workers would who knew all that a row has; the files."""
    for batch in range(batches):
        rows = [
            {
                "mention_id": key_of(batch, article, n), "article_id": key_of(batch, article),
                "version": key_of(article), "start": n * 20, "end": n * 20 + 9,
                "surface": f"Name {n:04d}", "sentence": n, "sentence_start": n * 20,
                "sentence_end": n * 20 + 20, "type": "PERSON", "canonical_name": f"Name {n:04d}",
                "entity_id": key_of(n), "extractor": "e", "extractor_version": "1", "rule": "r",
            }
            for article in range(ARTICLES)
            for n in range(MENTIONS_EACH)
        ]  # fmt: skip
        data = to_arrow(MENTIONS.columns, rows)
        stamp = pa.array([NOW] * len(rows), pa.timestamp("us", tz="UTC"))
        data = data.append_column("run_id", pa.array(["r"] * len(rows)))
        data = data.append_column("recorded_at", stamp)
        data = data.append_column("superseded_at", pa.nulls(len(rows), stamp.type))
        write_parquet(data, warehouse.staging("r") / f"batch-{batch:06d}" / "mentions.parquet")
    return [str(p) for p, _ in list_files(warehouse.staging("r"), "mentions.parquet")]


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long something takes."""
    began = time.monotonic()
    yield
    print(f"{what:50} {time.monotonic() - began:8.2f} s", flush=True)


def insert(connection: duckdb.DuckDBPyConnection, files: list[str]) -> None:
    """As the publish does."""
    connection.execute(
        f"INSERT INTO lake.mentions BY NAME FROM read_parquet({literal(files)})"
        f" ORDER BY {', '.join(MENTIONS.order)}"
    )


def register(connection: duckdb.DuckDBPyConnection, files: list[str]) -> None:
    """As they are."""
    for file in files:
        connection.execute(
            f"CALL ducklake_add_data_files('lake', 'mentions', {quote(file)}, schema => 'main')"
        )


def main() -> None:
    """Measure both."""
    batches = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    os.environ.update(AWS_ACCESS_KEY_ID=KEY, AWS_SECRET_ACCESS_KEY=SECRET)
    with running_postgres() as server, running_store() as store:
        server.ask("CREATE DATABASE news")
        for number, way in enumerate((insert, register)):
            place = Location(
                f"{server.url}/news", f"w{number}", f"s3://news/w{number}", store, REGION
            )
            lake = Warehouse(Path(tempfile.mkdtemp()) / "lake", location=place)
            create(lake)
            files = stage(lake, batches)
            filed = timed(f"{way.__name__}: {batches} files")
            with attach(lake, read_only=False) as connection, filed:
                connection.execute("BEGIN")
                way(connection, files)
                connection.execute("COMMIT")
            with attach(lake) as connection, timed(f"{way.__name__}: names by frequency"):
                connection.execute(
                    "SELECT canonical_name, count(*) FROM lake.mentions GROUP BY 1"
                ).fetchall()
            one = f"SELECT * FROM lake.mentions WHERE article_id = {quote(key_of(0, 0))}"
            with attach(lake) as connection, timed(f"{way.__name__}: mentions of an article"):
                assert len(connection.execute(one).fetchall()) == MENTIONS_EACH
            left = list(list_files(lake.data, "*.parquet"))
            size = sum(about.st_size for _, about in left)
            print(f"{way.__name__}: files below data/ {len(left)}, {size:,} bytes", flush=True)


if __name__ == "__main__":
    main()
