"""Errors of SQL in words: the place, and the name that was meant."""

from __future__ import annotations

import difflib
import re

import duckdb

from flows.sql.names import find_names

_MISSING = re.compile(r"Table with name (\S+) does not exist")
_CALL = re.compile(r"(?:Table|Scalar|Aggregate|Macro)? ?Function with name (\S+) does not exist")
_VIEW = re.compile(r"Can only (?:delete|update|insert)|\w+ is not an table")
_WORDS = re.compile(
    r"^(?:unterminated string|fts5: .*|unknown special query.*|no such column: .*)$"
)
_COLUMN = re.compile(r'Referenced column "([^"]+)" (?:not found|was not found)')


def explain(connection: duckdb.DuckDBPyConnection, error: duckdb.Error, query: str) -> str:
    """What is wrong, the names that come nearest, and the line with a mark below the place."""
    message = str(error)
    if "read-only" in message:
        return f"{message.splitlines()[0]} Use --write to allow statements that change the lake."
    if _VIEW.search(message):
        return (
            "what has the plain name of a table shows its current rows and cannot be changed:"
            " change lake.TABLE, with --write."
        )
    if _WORDS.search(message):
        return (
            f"the words of a search cannot be read ({message}). AND, OR, NOT, NEAR(a b) and"
            " parentheses must be whole, a phrase has two quotation marks, and words with other"
            """ signs stand in them: search('"Covid-19"')."""
        )
    for pattern, find in ((_MISSING, _table), (_CALL, _function), (_COLUMN, _column)):
        if missing := pattern.search(message):
            name = missing[1].strip("!\"'")
            told = find(connection, name, message)
            return f"{told}{mark(query, name)}" if told else message
    return message


def mark(query: str, name: str) -> str:
    """The line of a query that holds `name`, with marks below it; empty where none does."""
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", query, re.I)
    if found is None:
        return ""
    begin = query.rfind("\n", 0, found.start()) + 1
    line = query[begin:].partition("\n")[0]
    head = f"line {query.count(chr(10), 0, begin) + 1}: "
    return f"\n{head}{line}\n{' ' * (len(head) + found.start() - begin)}{'^' * len(name)}"


def _table(connection: duckdb.DuckDBPyConnection, name: str, message: str) -> str:
    names = list(find_names(connection))
    near = find_near(name, names)
    hint = f"Did you mean {near}?" if near else f"There are: {', '.join(names)}."
    return f"there is no table {name}. {hint}"


def _function(connection: duckdb.DuckDBPyConnection, name: str, message: str) -> str:
    near = find_near(name, [n.name for n in find_names(connection).values() if n.kind == "macro"])
    return f"there is no function {name}. Did you mean {near}?" if near else ""


def _column(connection: duckdb.DuckDBPyConnection, name: str, message: str) -> str:
    known = find_names(connection).values()
    others = [n.name for n in known if name in n.columns]
    if others:
        return f"there is no column {name} here. It is a column of {', '.join(others[:4])}."
    # DuckDB lists some of what the FROM clause has
    candidates = re.findall(r'"(\w+)"', message.partition("Candidate bindings")[2])
    near = find_near(name, candidates or sorted({c for n in known for c in n.columns}))
    return f"there is no column {name} here." + (f" Did you mean {near}?" if near else "")


def find_near(name: str, names: list[str]) -> str:
    """The names that come nearest, as words: one that is near enough alone; empty without any."""
    lower = {n.lower(): n for n in names}
    found = difflib.get_close_matches(name.lower(), list(lower), 3, 0.55)
    if found and difflib.SequenceMatcher(None, name.lower(), found[0]).ratio() > 0.85:
        found = found[:1]
    return " or ".join(lower[n] for n in found)
