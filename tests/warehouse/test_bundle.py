"""Exports of the whole warehouse, their descriptions, and the way back."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.conftest import unpack
from warehouse.bundle import BundleError, export_bundle, import_bundle
from warehouse.lake import Warehouse, WarehouseError, connect
from warehouse.migrate import migrate
from warehouse.tables import TABLES


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    warehouse = unpack("0.1.0", tmp_path_factory.mktemp("bundle") / "news")
    migrate(warehouse)
    with connect(warehouse, read_only=False) as connection:  # what files get wrong
        connection.execute(
            "UPDATE lake.article_versions SET byline = '', dateline = NULL,"
            " authors = ['a, \"b\"', '', 'NULL', E'two\\nlines'],"
            " text = text || E'\\r\\n\"quoted\", semi;colon\\ttab \\\\n null'"
        )
    return warehouse


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl", "duckdb"])
def test_an_import_of_an_export_is_the_same_warehouse(
    form: str, news: Warehouse, tmp_path: Path
) -> None:
    rows = export_bundle(news, form, tmp_path / "out")
    other = Warehouse(tmp_path / "other")
    assert import_bundle(tmp_path / "out", other) == rows
    assert rows["article_versions"] == 4
    with connect(news) as left, connect(other) as right:
        for table in TABLES:
            columns = ", ".join(f'"{c.name}"' for c in table.published)  # their order may differ
            query = f"SELECT {columns} FROM lake.{table.name} ORDER BY ALL"
            assert left.execute(query).fetchall() == right.execute(query).fetchall(), table.name
    with pytest.raises(WarehouseError, match="holds articles"):
        import_bundle(tmp_path / "out", other)


def test_the_descriptions_say_what_the_files_hold(news: Warehouse, tmp_path: Path) -> None:
    export_bundle(news, "csv", tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    croissant = json.loads((tmp_path / "croissant.json").read_text(encoding="utf-8"))
    assert len(package["resources"]) == len(croissant["recordSet"]) == len(TABLES)
    for resource in package["resources"]:
        path = tmp_path / resource["path"]
        assert path.stat().st_size == resource["bytes"]
        names = [field["name"] for field in resource["schema"]["fields"]]
        relation = duckdb.sql(f"FROM read_csv('{path}', header = true, all_varchar = true)")
        assert relation.columns == names
        assert all(field["description"] for field in resource["schema"]["fields"])
    (kind,) = [
        f for r in package["resources"] if r["name"] == "quotes"
        for f in r["schema"]["fields"] if f["name"] == "quote_type"
    ]  # fmt: skip
    assert kind["constraints"] == {"required": True, "enum": ["direct", "indirect", "mixed"]}
    files = {file["@id"]: file["sha256"] for file in croissant["distribution"]}
    hashes = {r["path"]: r["hash"].removeprefix("sha256:") for r in package["resources"]}
    assert files == hashes
    for records in croissant["recordSet"]:
        for field in records["field"]:
            assert field["source"]["fileObject"]["@id"] in files


def test_a_damaged_or_missing_file_is_named(news: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"no datapackage\.json"):
        import_bundle(tmp_path, Warehouse(tmp_path / "w"))
    export_bundle(news, "jsonl", tmp_path)
    path = tmp_path / "quotes.jsonl"
    content = path.read_bytes()
    path.write_bytes(content[:-20])
    with pytest.raises(BundleError, match=r"quotes\.jsonl is damaged"):
        import_bundle(tmp_path, Warehouse(tmp_path / "w"))
    path.unlink()
    with pytest.raises(BundleError, match=r"quotes\.jsonl is missing"):
        import_bundle(tmp_path, Warehouse(tmp_path / "w"))


def test_what_an_older_export_lacks_is_null_or_as_declared(news: Warehouse, tmp_path: Path) -> None:
    export_bundle(news, "parquet", tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        fields = resource["schema"]["fields"]
        fields[:] = [f for f in fields if f["name"] not in ("negated", "grain")]
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    other = Warehouse(tmp_path / "w")
    import_bundle(tmp_path, other)
    with connect(other) as connection:
        assert connection.execute("SELECT DISTINCT negated FROM quantities").fetchall() == [
            (False,)
        ]
        assert connection.execute("SELECT count(grain) FROM times").fetchone() == (0,)
