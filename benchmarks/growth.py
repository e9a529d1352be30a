"""What a night costs as the warehouse grows: publishing 5,000 articles into none and into many.

`python -m benchmarks.growth FOLDER [ARTICLES]` makes both warehouses (see `million`), publishes the
same night into copies of their catalogs three times each, in turn, and prints the ratio of the
medians. A million articles take some 6 GB and most of an hour to make.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks import million
from warehouse.lake import Warehouse, connect
from warehouse.publish import clear_staging, publish
from warehouse.tables import BY_NAME

LIMIT = 1.3
RUNS = 3
_NEW = 5_000_000
"""Number of the first article of the night, which no warehouse has."""


def stage(lake: Warehouse, run_id: str) -> None:
    """Write a night of new articles as its batches would lie in staging."""
    folder = lake.staging(run_id) / "batch"
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        million.prepare(connection)
        million.choose_night(connection, _NEW, million.NIGHT)
        for name, select in million.selects():
            columns = {c.name for c in BY_NAME[name].columns}
            # what the publish adds
            added = [c.name for c in BY_NAME[name].published if c.name not in columns]
            without = " EXCLUDE (run_id, recorded_at)" if added else ""
            path = folder / f"{name}.parquet"
            connection.execute(f"COPY (SELECT *{without} FROM ({select})) TO '{path}'")


def main(folder: Path, articles: int) -> int:
    """Make, publish, print; 1 if the large warehouse costs too much more."""
    lakes = {}
    for size in (0, articles):
        lakes[size] = Warehouse(folder / f"lake-{size}")
        if not lakes[size].exists():
            million.make(lakes[size], size)
    seconds: dict[int, list[float]] = {size: [] for size in lakes}
    for number in range(RUNS):
        for size, lake in lakes.items():
            kept = lake.root / "catalog.kept"
            shutil.copyfile(lake.catalog, kept)
            run_id = f"night-{number}"
            clear_staging(lake)  # of a benchmark that was stopped
            stage(lake, run_id)
            begin = time.perf_counter()
            publish(lake, run_id, datetime.now(UTC))
            seconds[size].append(time.perf_counter() - begin)
            with connect(lake) as connection:
                (count,) = connection.execute("SELECT count(*) FROM articles").fetchone() or (0,)
            assert count == size + million.NIGHT
            kept.replace(lake.catalog)  # the files of the night are orphans now
    small, large = (statistics.median(seconds[size]) for size in lakes)
    print(f"{small:.2f} and {large:.2f} seconds, ratio {large / small:.2f}, at most {LIMIT}")
    return int(large > LIMIT * small)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000))
