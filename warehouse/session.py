"""DuckDB sessions with its extensions loaded, kept for the next who asks.

Loading the extensions reads and checks their signatures, a quarter of a second of processor time,
and a run asks for dozens of sessions. So the engine of a session that ended in order is kept, with
nothing attached, and the next session is a new connection to it. What a session makes is gone with
it: it lies in a database of its own, `session`, and in its connection's temporary schema.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import duckdb

KEPT = 2
"""Engines that are kept: a session is seldom opened while another is open."""

USES = 40
"""Sessions that an engine serves: each leaves half a megabyte in it (DuckDB 1.5.5)."""

_OWN = {"memory", "system", "temp"}
"""Databases of an engine that nobody uses."""

_idle: list[tuple[Limits, duckdb.DuckDBPyConnection, int]] = []
_lock = threading.Lock()

Limits = tuple[str, ...]
"""Settings of the whole engine, as statements; one that was used cannot change them."""


@contextmanager
def open_session(
    limits: Limits, load: Callable[[duckdb.DuckDBPyConnection], None], *, kept: bool = True
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to an engine that only it uses, with extensions that `load` loads.

    Without `kept` the engine ends with the session.
    """
    engine, uses = _take(limits) if kept else (None, 0)
    if engine is None:
        engine = duckdb.connect(":memory:")
        try:
            for statement in limits:
                engine.execute(statement)
            # files of one name may hold something else in the next session
            engine.execute("SET enable_external_file_cache = false")
            load(engine)
        except BaseException:
            engine.close()
            raise
    connection = engine.cursor()
    try:
        connection.execute("ATTACH ':memory:' AS session; USE session.main")
        yield connection
        connection.close()
        _detach(engine)
    except BaseException:
        # an error may have left the engine in a state that nobody else should meet
        connection.close()
        engine.close()
        raise
    if kept and uses + 1 < USES:
        _keep(limits, engine, uses + 1)
    else:
        engine.close()


def _take(limits: Limits) -> tuple[duckdb.DuckDBPyConnection | None, int]:
    with _lock:
        for place, (known, engine, uses) in enumerate(_idle):
            if known == limits:
                del _idle[place]
                return engine, uses
    return None, 0


def _keep(limits: Limits, engine: duckdb.DuckDBPyConnection, uses: int) -> None:
    with _lock:
        _idle.append((limits, engine, uses))
        dropped = _idle.pop(0)[1] if len(_idle) > KEPT else None
    if dropped is not None:
        dropped.close()


def _detach(engine: duckdb.DuckDBPyConnection) -> None:
    names = engine.execute("SELECT database_name FROM duckdb_databases() WHERE NOT internal")
    for (name,) in names.fetchall():
        if name not in _OWN and not name.startswith("__ducklake_metadata_"):
            engine.execute(f'DETACH "{name}"')
