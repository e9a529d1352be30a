"""A person who is to be forgotten: what he is called, and all that names him.

An entity's mentions do not tell all: texts of other languages are not annotated, bylines have no
mentions, and no finder finds every name. So texts are asked for full names too, in the way in which
what comes later is kept out (`flows.withhold`); a replay then leaves out what a request took out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

import duckdb

from transforms.registry.fullname import keys_in_all, keys_of_name

_WRITTEN = (
    "concat_ws(' | ', headline, byline, array_to_string(authors, ' | '),"
    " array_to_string(credit_lines, ' | '), corrections, text)"
)
_DOUBLE = {"\u00df": "ss", "\u00e6": "ae", "\u0153": "oe", "\u00fe": "th"}


@dataclass(frozen=True, slots=True)
class Called:
    """The names of a person.

    Attributes:
        keys: of full names by which he is told from all others that the warehouse knows.
        shared: full names that others have too, or may go by.
        short: names of one word.
    """

    keys: frozenset[str]
    shared: tuple[str, ...] = ()
    short: tuple[str, ...] = ()


def names_of(connection: duckdb.DuckDBPyConnection, entity: str) -> Called:
    """What an entity is called, under all the names that count as it; nothing where it is none."""
    rows = connection.execute(
        "SELECT DISTINCT a.name FROM entity_aliases a JOIN entities e USING (entity)"
        " WHERE e.current = $1 AND e.type = 'PERSON' UNION SELECT name FROM entities"
        " WHERE current = $1 AND type = 'PERSON' ORDER BY 1",
        [entity],
    ).fetchall()
    names = {name: keys_of_name(name) for (name,) in rows}
    wanted = frozenset().union(*names.values())
    others = connection.execute(
        "SELECT DISTINCT name FROM (SELECT a.name, e.current FROM entity_aliases a"
        " JOIN entities e USING (entity) WHERE a.type = 'PERSON'"
        " UNION ALL SELECT name, current FROM entities WHERE type = 'PERSON')"
        f" WHERE current <> $1 AND {_has_words('name', '$2')}",
        [entity, _words(wanted)],
    ).fetchall()
    taken = {key for (name,) in others for key in keys_in_all([name]) & wanted}
    return Called(
        wanted - taken,
        tuple(name for name, keys in names.items() if keys & taken),
        tuple(name for name, keys in names.items() if not keys),
    )


def articles_naming(connection: duckdb.DuckDBPyConnection, keys: Set[str]) -> set[str]:
    """Articles with one of these full names in text, headline or byline, in any version."""
    return {key for key, _ in _naming(connection, "article_id", _WRITTEN, "article_versions", keys)}


def documents_naming(
    connection: duckdb.DuckDBPyConnection, keys: Set[str]
) -> dict[str, str | None]:
    """Documents and rows held back that name one of these: keys, and where they come from."""
    return dict(_naming(connection, "quarantine_id, location", "row_json", "quarantine", keys))


def _naming(
    connection: duckdb.DuckDBPyConnection, columns: str, written: str, table: str, keys: Set[str]
) -> Iterator[tuple[str, str | None]]:
    """Reads as many texts as have both words of a name, some at a time."""
    if not keys:
        return
    result = connection.execute(
        f"SELECT {columns}, {written} FROM lake.{table} WHERE {_has_words(written, '$1')}",
        [_words(keys)],
    )
    while rows := result.fetchmany(1000):
        for row in rows:
            if keys & keys_in_all([row[-1]]):
                yield row[0], row[1]


def _words(keys: Iterable[str]) -> list[list[str]]:
    return [key.split() for key in sorted(keys)]


def _has_words(written: str, names: str) -> str:
    """The condition that both words of one of these names are in a text, folded as keys are."""
    folded = f"translate(strip_accents(lower({written})), 'øłđðı', 'olddi')"
    for letter, two in _DOUBLE.items():
        folded = f"replace({folded}, '{letter}', '{two}')"
    folded = f"translate({folded}, '.''\u2018\u2019\u02bc`', '')"
    return (
        f"list_bool_or(list_transform({names}, lambda words:"
        f" contains({folded}, words[1]) AND contains({folded}, words[2])))"
    )
