"""Moving a warehouse: from its folder to a server and a store, back, or from one to another.

All rows of all tables and all times go, with the records that no snapshot holds yet. They are
written into a catalog that is nobody's yet, in one transaction, read back, and held against the old
ones table by table, by count and by a sum of hashes. Only then does the catalog get its name and
the folder say, from one moment to the next, that the warehouse lies there. Until then the old one
is the warehouse, whatever happens: a move that was killed begins anew, or ends where only its last
step was missing. The old catalog is set aside under another name, so that no machine goes on
writing to it.

Snapshots begin anew; what the warehouse knew when is in the rows themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from warehouse.errors import WarehouseError
from warehouse.lake import (
    Warehouse,
    attach_as,
    create_tables,
    quote,
    session,
    writer_lock,
)
from warehouse.location import Location, write_location
from warehouse.publish import clear_staging, publish
from warehouse.rebuild import Beside
from warehouse.tables import TABLES, Table

Digest = tuple[int, int]
"""How many rows a table has, and the sum of their hashes, whatever their order."""


class MoveFailed(WarehouseError):
    """What was read back is not what was written; the warehouse lies where it was."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did: the warehouse as it is now, rows by table, what is left of the old one."""

    warehouse: Warehouse
    rows: dict[str, int]
    left: list[str]


def move(warehouse: Warehouse, target: Location, now: datetime, wait: float = 0) -> Moved:
    """Have a warehouse lie somewhere else.

    Raises:
        WarehouseError: it lies there already, or another one does.
        WarehouseLocked: a run is writing.
        MoveFailed: rows read back differ; nothing has changed.
    """
    if target == warehouse.location:
        raise WarehouseError(f"the warehouse {warehouse.root} lies in {target} already")
    stamp = f"{now:%Y%m%dt%H%M%S}"
    new = replace(warehouse, location=target)
    with ExitStack() as locks:
        locks.enter_context(writer_lock(warehouse, wait))
        if new.database != warehouse.database:
            locks.enter_context(new.database.lock(new.root, wait))
        clear_staging(warehouse)
        # the records in the journal go into a snapshot, and so along
        publish(warehouse, f"move-{stamp}", now)
        if new.exists():
            digests = _compare(warehouse, new, finished=True)
        else:
            beside = Beside(new.root, new.memory_limit, target, new.database.rebuilding())
            create_tables(beside)
            _copy(warehouse, beside)
            digests = _compare(warehouse, beside, finished=False)
            new.database.give_way(beside.database, stamp)
        write_location(new.root, target)
        kept = None
        if warehouse.database != new.database:
            kept = warehouse.database.set_aside(f"moved_{stamp}")
    left = [f"the old catalog: {kept}"] if kept else []
    if warehouse.shared != new.shared:
        left.append(f"the old data: {warehouse.data}")
    return Moved(new, {name: rows for name, (rows, _) in digests.items()}, left)


@contextmanager
def _both(old: Warehouse, new: Warehouse, *, write: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """A session with both: ``old``, and ``lake`` that rows may be written to."""
    with (
        new.database.opened(read_only=not write) as target,
        old.database.opened(read_only=True) as source,
        session(new, kept=False) as connection,
    ):
        connection.execute(f"SET temp_directory = {quote(str(new.root / 'tmp'))}")
        attach_as(connection, new, "lake", target, read_only=not write)
        attach_as(connection, old, "old", source, read_only=True)
        yield connection


def _copy(old: Warehouse, new: Warehouse) -> None:
    with _both(old, new, write=True) as connection:
        connection.execute("BEGIN TRANSACTION")
        for table in TABLES:
            order = ", ".join(f'"{name}"' for name in table.order)
            connection.execute(
                f"INSERT INTO lake.{table.name} BY NAME SELECT {_columns(table)}"
                f" FROM old.{table.name} ORDER BY {order}"
            )
        connection.execute("COMMIT")


def _compare(old: Warehouse, new: Warehouse, *, finished: bool) -> dict[str, Digest]:
    """The digests of the new tables, read from where they lie now.

    Raises:
        MoveFailed: they are not those of the old ones.
        WarehouseError: so, where the new ones are not of this move.
    """
    with _both(old, new, write=False) as connection:
        found = {table.name: _digest(connection, "lake", table) for table in TABLES}
        wanted = {table.name: _digest(connection, "old", table) for table in TABLES}
    differ = [name for name, digest in wanted.items() if found[name] != digest]
    if differ and finished:
        raise WarehouseError(
            f"there is another warehouse in {new.location}: choose another schema or prefix, or"
            f" remove that one ({new.database})"
        )
    if differ:
        raise MoveFailed(
            f"the rows of {', '.join(differ)} were not read back as they were written: the"
            f" warehouse {old.root} lies where it was"
        )
    return found


def _digest(connection: duckdb.DuckDBPyConnection, lake: str, table: Table) -> Digest:
    row = connection.execute(
        f"SELECT count(*), coalesce(sum(hash({_columns(table)})::HUGEINT), 0)"
        f" FROM {lake}.{table.name}"
    ).fetchone()
    assert row is not None  # an aggregate without groups has one row
    return int(row[0]), int(row[1])


def _columns(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.published)
