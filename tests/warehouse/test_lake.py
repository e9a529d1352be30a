"""Opening the lake, and the writer lock."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from warehouse import lake
from warehouse.lake import (
    CatalogDamaged,
    Warehouse,
    WarehouseError,
    WarehouseLocked,
    connect,
)
from warehouse.tables import TABLES

NIGHT = datetime(2026, 3, 12, 2, tzinfo=UTC)


def ask(warehouse: Warehouse, query: str) -> list[tuple[Any, ...]]:
    with connect(warehouse) as connection:
        return connection.execute(query).fetchall()


def test_an_empty_warehouse_has_every_table(warehouse: Warehouse) -> None:
    for table in TABLES:
        assert ask(warehouse, f"SELECT count(*) FROM {table.name}") == [(0,)]


def test_a_reader_cannot_write(warehouse: Warehouse) -> None:
    with connect(warehouse) as connection, pytest.raises(Exception, match="read-only"):
        connection.execute("DELETE FROM lake.runs")


def test_a_missing_or_damaged_warehouse_is_named(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="dateline init"), connect(Warehouse(tmp_path)):
        pass
    (tmp_path / "catalog.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(WarehouseError, match=r"catalog\.sqlite"), connect(Warehouse(tmp_path)):
        pass


def test_a_warehouse_of_another_version_says_how_to_make_it_anew(warehouse: Warehouse) -> None:
    with connect(warehouse, read_only=False) as connection:
        connection.execute("ALTER TABLE lake.quantities DROP COLUMN negated")
        connection.execute("DROP TABLE lake.duplicates")
    with (
        pytest.raises(WarehouseError, match=r"duplicates, quantities\.negated.*--replay"),
        connect(warehouse),
    ):
        pass


def test_a_second_writer_is_refused_while_the_first_lives(warehouse: Warehouse) -> None:
    code = (
        "import sys; from pathlib import Path; from warehouse.lake import *\n"
        f"with writer_lock(Warehouse(Path({str(warehouse.root)!r}))):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(WarehouseLocked, match=str(holder.pid)),
            lake.writer_lock(warehouse),
        ):
            pass
        threading.Timer(0.5, holder.kill).start()
        # the one that may wait gets it as soon as the first is gone
        with lake.writer_lock(warehouse, wait=60):
            assert holder.wait(10) != 0
    with lake.writer_lock(warehouse):
        pass


def test_a_catalog_that_is_cut_short_or_gone_is_named_with_the_way_out(
    warehouse: Warehouse,
) -> None:
    with connect(warehouse, read_only=False) as connection:
        connection.execute("INSERT INTO lake.run_stages BY NAME SELECT 'r' AS run_id,"
                           " 's' AS stage, 0 AS rows_in, 0 AS rows_out, 0 AS rows_quarantined,"
                           " 0.0 AS seconds")  # fmt: skip
    whole = warehouse.catalog.read_bytes()
    warehouse.catalog.write_bytes(whole[: len(whole) // 2])
    with (
        pytest.raises(CatalogDamaged, match=r"cut short.*--rebuild-catalog"),
        connect(warehouse),
    ):
        pass
    warehouse.catalog.unlink()
    # an empty catalog beside full data would hide that anything is lost
    with pytest.raises(CatalogDamaged, match=r"missing.*--rebuild-catalog"):
        lake.create(warehouse)


def test_a_reader_in_a_transaction_neither_holds_up_a_writer_nor_sees_it(
    warehouse: Warehouse,
) -> None:
    stage = "INSERT INTO lake.run_stages BY NAME SELECT '{}' AS run_id, 's' AS stage," \
            " 0 AS rows_in, 0 AS rows_out, 0 AS rows_quarantined, 0.0 AS seconds"  # fmt: skip
    count = "SELECT count(*) FROM lake.run_stages"
    code = (
        "import sys; from pathlib import Path; from warehouse.lake import *\n"
        f"with connect(Warehouse(Path({str(warehouse.root)!r}))) as c:\n"
        f"    c.execute('BEGIN'); n = c.execute({count!r}).fetchall()\n"
        "    print('reads', flush=True); sys.stdin.readline()\n"
        f"    print(n == c.execute({count!r}).fetchall(), flush=True)"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reads\n"
        with connect(warehouse, read_only=False) as connection:
            connection.execute(stage.format("r1"))
        assert ask(warehouse, count) == [(1,)]
        assert reader.communicate("go on\n")[0] == "True\n"


def test_a_small_change_lies_in_parquet_not_in_the_catalog(warehouse: Warehouse) -> None:
    with connect(warehouse, read_only=False) as connection:
        connection.execute("INSERT INTO lake.run_stages BY NAME SELECT 'r' AS run_id,"
                           " 's' AS stage, 0 AS rows_in, 0 AS rows_out, 0 AS rows_quarantined,"
                           " 0.0 AS seconds")  # fmt: skip
    assert [p.parent.name for p in warehouse.data.rglob("*.parquet")] == ["run_stages"]


def test_lists_with_empty_strings_are_written(warehouse: Warehouse) -> None:
    with connect(warehouse, read_only=False) as connection:
        connection.execute("CREATE TABLE lake.lists AS SELECT ['a', '', 'NULL'] AS l FROM range(9)")
        rows = connection.execute("SELECT DISTINCT l FROM lake.lists").fetchall()
    assert rows == [(["a", "", "NULL"],)]
