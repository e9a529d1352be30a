"""Warehouses of older versions, of each that was released, and of newer ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse.conftest import RELEASED, unpack
from warehouse.lake import Warehouse, WarehouseError, attach, connect, create
from warehouse.migrate import migrate
from warehouse.tables import TABLES

VERSIONS = sorted(path.name.removesuffix(".tar.gz") for path in RELEASED.glob("*.tar.gz"))


@pytest.mark.parametrize("version", VERSIONS)
def test_a_warehouse_of_each_released_version_is_brought_up(version: str, tmp_path: Path) -> None:
    warehouse = unpack(version, tmp_path)
    with attach(warehouse) as connection:
        tables = connection.execute(
            "SELECT table_name FROM ducklake_table_info('lake') ORDER BY 1"
        ).fetchall()
        before = {
            name: connection.execute(f"SELECT count(*) FROM lake.{name}").fetchone()
            for (name,) in tables
        }
    migrate(warehouse)
    with connect(warehouse) as connection:
        for table in TABLES:
            count = connection.execute(f"SELECT count(*) FROM lake.{table.name}").fetchone()
            assert count == before.get(table.name, (0,)), table.name
        killed = connection.execute(
            "SELECT low FROM claim_facts WHERE happening = 'killed' AND stance = 'assert'"
            " ORDER BY low"
        ).fetchall()
        assert killed == [(12.0,), (14.0,)]
        exact = connection.execute(
            'SELECT bool_and(substr(text, f.start + 1, f."end" - f.start) = f.surface)'
            " FROM quantities f JOIN article_versions USING (article_id, version)"
        ).fetchone()
        assert exact == (True,)
    assert migrate(warehouse) == []


def test_tables_and_columns_are_added_with_what_the_declaration_says(tmp_path: Path) -> None:
    warehouse = unpack("0.1.0", tmp_path)
    migrate(warehouse)
    with attach(warehouse, read_only=False) as connection:
        connection.execute("ALTER TABLE lake.quantities DROP COLUMN negated")
        connection.execute("ALTER TABLE lake.quantities DROP COLUMN value_si")
        connection.execute("ALTER TABLE lake.article_versions DROP COLUMN credits")
        connection.execute("DROP TABLE lake.duplicates")
    with (
        pytest.raises(WarehouseError, match=r"duplicates.*quantities\.negated.*dateline migrate"),
        connect(warehouse),
    ):
        pass
    assert set(migrate(warehouse)) == {
        "table duplicates", "column quantities.negated", "column quantities.value_si",
        "column article_versions.credits",
    }  # fmt: skip
    with connect(warehouse, read_only=False) as connection:
        rows = "SELECT DISTINCT negated, value_si FROM lake.quantities"
        assert connection.execute(rows).fetchall() == [(False, None)]
        rows = "SELECT DISTINCT credits FROM lake.article_versions"
        assert connection.execute(rows).fetchall() == [([],)]
        assert connection.execute("SELECT count(*) FROM duplicates").fetchone() == (0,)


def test_a_column_without_a_value_or_of_a_newer_version_is_refused(warehouse: Warehouse) -> None:
    with attach(warehouse, read_only=False) as connection:
        connection.execute("ALTER TABLE lake.quantities DROP COLUMN surface")
    with pytest.raises(WarehouseError, match=r"quantities\.surface has no value.*--replay"):
        migrate(warehouse)
    with attach(warehouse, read_only=False) as connection:
        connection.execute("DROP TABLE lake.runs")
        connection.execute("CREATE TABLE lake.runs (run_id VARCHAR, cost DOUBLE NOT NULL)")
    with pytest.raises(WarehouseError, match=r"runs\.cost.*newer"):
        migrate(warehouse)


def test_making_leaves_an_existing_warehouse_as_it_is(tmp_path: Path) -> None:
    warehouse = unpack("0.1.0", tmp_path)
    migrate(warehouse)
    catalog = warehouse.catalog.read_bytes()
    create(warehouse)
    assert warehouse.catalog.read_bytes() == catalog
