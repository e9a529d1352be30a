"""A session finds nothing of those before it, and an engine in doubt is not used again."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from warehouse import session as sessions
from warehouse.lake import Warehouse, connect


def engines() -> set[int]:
    return {id(engine) for _, engine, _ in sessions._idle}


def test_a_session_leaves_nothing_behind_and_its_engine_is_used_again(warehouse: Warehouse) -> None:
    with connect(warehouse, read_only=False) as one:
        one.execute("CREATE TABLE made AS SELECT 1 AS a; CREATE TEMP TABLE passing AS SELECT 2")
        one.execute("CREATE MACRO doubled(x) AS 2 * x; SET TimeZone = 'Asia/Tokyo'")
        # beside it, in an engine of its own
        with pytest.raises(duckdb.CatalogException), connect(warehouse) as other:
            other.execute("FROM made")
    open_files = {path.resolve() for path in Path("/proc/self/fd").glob("*")}
    assert warehouse.catalog.resolve() not in open_files
    kept = engines()
    assert kept
    with connect(warehouse) as later:
        assert later.execute("SELECT current_setting('TimeZone')").fetchone() == ("UTC",)
        for name in ("made", "passing", "doubled(1)"):
            with pytest.raises(duckdb.Error):
                later.execute(f"SELECT * FROM {name}")
        assert later.execute("SELECT count(*) FROM articles").fetchone() == (0,)
        assert len(engines() & kept) == len(kept) - 1


def test_an_engine_that_saw_an_error_go_through_is_closed(warehouse: Warehouse) -> None:
    with connect(warehouse):
        pass
    kept = engines()
    with pytest.raises(duckdb.Error), connect(warehouse) as connection:
        connection.execute("SELECT nonsense")
    assert len(engines()) == len(kept) - 1
    with connect(warehouse) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (0,)


def test_a_session_of_another_limit_has_an_engine_of_its_own(warehouse: Warehouse) -> None:
    with connect(warehouse):
        pass
    small = Warehouse(warehouse.root, memory_limit=64 * 2**20)
    ask = "SELECT current_setting('memory_limit')"
    with connect(small) as connection:
        assert connection.execute(ask).fetchone() == ("64.0 MiB",)
    with connect(warehouse) as connection:
        assert connection.execute(ask).fetchone() != ("64.0 MiB",)
    with connect(small) as connection:
        assert connection.execute(ask).fetchone() == ("64.0 MiB",)


def test_an_engine_serves_so_many_sessions_and_no_more(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "_idle", [])
    monkeypatch.setattr(sessions, "USES", 2)
    seen = []
    for _ in range(4):
        with connect(warehouse):
            pass
        seen.append(len(engines()))
    assert seen == [1, 0, 1, 0]
