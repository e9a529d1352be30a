"""Views and macros over the lake: the files of warehouse/sql, in a session and in dateline.duckdb.

`dateline.duckdb` lies in the warehouse folder and holds nothing but views and macros that speak of
an attached database ``lake``. So any DuckDB client has them after one ATTACH, wherever the folder
has been moved; a session of ours attaches it too, since that is faster than creating each view.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import duckdb

from warehouse.tables import TABLES, Table

FOLDER = Path(__file__).parent / "sql"
FILES = (
    "articles",
    "facts",
    "history",
    "entities",
    "claims",
    "stories",
    "health",
    "checks",
    "search",
    "gkg",
)
"""In the order in which they build on each other."""
NAME = "dateline.duckdb"
_WORD = re.compile(r"\w+")
_DEFINITION = re.compile(
    r"(?P<comment>(?:^--.*\n)+)CREATE (?P<kind>VIEW|MACRO) (?P<name>\w+)\s*(?P<call>\([^)]*\))?",
    re.M,
)


@dataclass(frozen=True)
class Definition:
    """A view or macro as its file documents it.

    Attributes:
        call: a macro's name with its parameters, a view's name.
        title: what the example asks.
    """

    name: str
    kind: str
    call: str
    description: str
    title: str
    example: str


def find_definitions() -> Iterator[Definition]:
    """Every view and macro of warehouse/sql, in the order of their files."""
    for file in FILES:
        text = (FOLDER / f"{file}.sql").read_text(encoding="utf-8")
        for match in _DEFINITION.finditer(text):
            lines = [line[2:].removeprefix(" ") for line in match["comment"].splitlines()]
            about, _, example = "\n".join(lines).partition("Example: ")
            title, _, query = example.partition("\n")
            yield Definition(
                match["name"],
                match["kind"].lower(),
                match["name"] + (match["call"] or "" if match["kind"] == "MACRO" else ""),
                " ".join(about.split()),
                title,
                "\n".join(line.removeprefix("    ") for line in query.splitlines()),
            )


def table_view(table: Table) -> str:
    """The query of current rows of a table."""
    where = " WHERE superseded_at IS NULL" if table.recorded else ""
    return f"SELECT * FROM lake.main.{table.name}{where}"


def create_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Create what warehouse/sql defines in the current schema; the tables' views must be there."""
    for file in FILES:
        connection.execute((FOLDER / f"{file}.sql").read_text(encoding="utf-8"))


def create_affected(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Create anew what warehouse/sql defines on these tables, directly or by another view."""
    affected = set(tables)
    for name, statement in _statements():
        if not affected.isdisjoint(_WORD.findall(statement)):
            affected.add(name)
            connection.execute(statement)


@cache
def _statements() -> tuple[tuple[str, str], ...]:
    """Name and statement of each view and macro, without comments, in order."""
    found = []
    for file in FILES:
        text = (FOLDER / f"{file}.sql").read_text(encoding="utf-8")
        starts = [match.start() for match in _DEFINITION.finditer(text)]
        for start, end in pairwise([*starts, len(text)]):
            lines = (x for x in text[start:end].splitlines() if not x.startswith("--"))
            statement = "\n".join(lines)
            found.append((statement.split(maxsplit=3)[2].partition("(")[0], statement))
    return tuple(found)


def views_key() -> str:
    """What tells one set of views from another: the hash of all that goes into them."""
    digest = hashlib.sha256("\n".join(map(table_view, TABLES)).encode())
    for file in FILES:
        digest.update((FOLDER / f"{file}.sql").read_bytes())
    return digest.hexdigest()[:16]


def has_views(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Attach `path` as ``views`` if it holds today's views; whether it does.

    It does not where it is missing, made by another version, or held open by a client that writes.
    """
    if not path.is_file():
        return False
    from warehouse.lake import quote

    try:
        connection.execute(f"ATTACH {quote(str(path))} AS views (READ_ONLY)")
    except duckdb.Error:
        return False
    try:
        row = connection.execute("SELECT views.main.views_key()").fetchone()
    except duckdb.Error:
        row = None
    if row == (views_key(),):
        return True
    connection.execute("DETACH views")
    return False


def attach_line(root: Path) -> str:
    """The one line that gives any DuckDB client that opened dateline.duckdb the lake and search.

    Who may use an object store, and a catalog's password, the client takes from its environment.
    """
    from warehouse.lake import open_warehouse, quote

    lake = open_warehouse(root)
    line = ""
    if (place := lake.location.place) is not None:
        store = place.store
        settings = {
            "endpoint": store.host, "region": store.region,
            "url_style": "path" if store.path_style else "vhost",
            "use_ssl": str(store.secure).lower(),
        }  # fmt: skip
        line = "".join(f"SET s3_{n} = {quote(v)}; " for n, v in settings.items() if v is not None)
    options = ", ".join(["", *lake.database.options(False)])
    line += (
        f"ATTACH {quote('ducklake:' + lake.database.target)} AS lake"
        f" (READ_ONLY, DATA_PATH {quote(str(lake.data) + '/')}, OVERRIDE_DATA_PATH true{options});"
    )
    if lake.search.is_file():
        line += f" ATTACH {quote(str(lake.search))} AS search (TYPE sqlite, READ_ONLY);"
    return line


def write_views(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write `path` anew, through a session with the lake; who has it open keeps the old one."""
    from warehouse.lake import quote

    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    connection.execute(f"ATTACH {quote(str(part))} AS made")
    connection.execute("SET search_path = 'made.main'")
    for table in TABLES:
        connection.execute(f"CREATE VIEW {table.name} AS {table_view(table)}")
    create_views(connection)
    connection.execute(f"CREATE MACRO views_key() AS {quote(views_key())}")
    connection.execute("SET search_path = 'session.main'")
    connection.execute("DETACH made")
    part.replace(path)
