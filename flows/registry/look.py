"""Looking at entities: the most told of, all of one, and what waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from flows.registry.changes import Row
from flows.registry.rank import rank_entities
from flows.registry.told import read_told
from warehouse.lake import Warehouse, connect


class UnknownEntity(Exception):
    """There is no such entity, article or decision; the message says what to give."""


def list_entities(
    warehouse: Warehouse, search: str | None, kind: str | None, limit: int
) -> list[Row]:
    """Entities with most articles first: entity, type, name, names, articles, mentions.

    Args:
        search: a part of any of their names, in any case.
        kind: a type of mentions.
    """
    with connect(warehouse) as connection:
        return rank_entities(connection, search, kind, limit)


def show_entity(warehouse: Warehouse, wanted: str, limit: int) -> Row:
    """All that is known of an entity, given by key or name: names, parts, articles, decisions.

    Args:
        limit: how many articles, the newest; `articles_in_all` says how many there are.

    Raises:
        UnknownEntity: there is none, or several of the name.
    """
    with connect(warehouse) as connection:
        key = find_entity(connection, wanted)
        (found,) = ask(connection, "SELECT * FROM entities WHERE entity = ?", [key])
        parts = ask(
            connection,
            "SELECT entity, type, name, country_code FROM entities WHERE current = ?"
            " ORDER BY born_at, entity",
            [key],
        )
        connection.register("told", read_told(connection, {p["entity"]: key for p in parts}))
        names = ask(
            connection,
            "SELECT name, sum(mentions)::BIGINT AS mentions, count(*) AS articles FROM told"
            " GROUP BY name ORDER BY mentions DESC, name",
            [],
        )
        ((in_all,),) = connection.execute("SELECT count(DISTINCT article_id) FROM told").fetchall()
        articles = ask(
            connection,
            "SELECT t.article_id, v.headline, v.published_at, any_value(t.title) AS title,"
            " sum(t.mentions)::BIGINT AS mentions"
            " FROM told t JOIN article_versions v ON v.article_id = t.article_id GROUP BY ALL"
            " ORDER BY v.published_at DESC NULLS LAST, t.article_id LIMIT ?",
            [limit],
        )
        decisions = decisions_about(connection, [part["entity"] for part in parts])
        return found | {
            "names": names, "parts": parts, "articles_in_all": in_all, "articles": articles,
            "decisions": decisions,
        }  # fmt: skip


def list_review(warehouse: Warehouse, limit: int) -> list[Row]:
    """Suggestions that nobody has decided, the likeliest first."""
    with connect(warehouse) as connection:
        return ask(
            connection,
            "SELECT d.decision_id, d.score, l.entity AS left_entity, l.name AS left_name,"
            " r.entity AS right_entity, r.name AS right_name, l.type, d.evidence"
            " FROM entity_decisions d"
            " JOIN entities l ON l.entity = d.entities[1] JOIN entities r ON r.entity = d.others[1]"
            " WHERE d.kind = 'suggest' AND l.current <> r.current AND NOT EXISTS ("
            "  SELECT 1 FROM entity_decisions u WHERE u.undoes = d.decision_id) AND NOT EXISTS ("
            "  SELECT 1 FROM entity_decisions s WHERE s.kind = 'split'"
            "   AND s.decided_by <> 'machine'"
            "   AND list_has_any(s.entities || s.others, [l.entity])"
            "   AND list_has_any(s.entities || s.others, [r.entity]))"
            " ORDER BY d.score DESC, d.decision_id LIMIT ?",
            [limit],
        )


def find_entity(connection: duckdb.DuckDBPyConnection, wanted: str) -> str:
    """The key of the entity that a key, or a name that only one has, stands for today.

    Raises:
        UnknownEntity: there is none, or several.
    """
    by_key = connection.execute(
        "SELECT current FROM entities WHERE entity = ?", [wanted]
    ).fetchone()
    if by_key:
        return str(by_key[0])
    found = connection.execute(
        "SELECT DISTINCT current FROM entities WHERE lower(name) = lower(?) ORDER BY 1", [wanted]
    ).fetchall()
    if len(found) == 1:
        return str(found[0][0])
    if found:
        keys = ", ".join(key for (key,) in found)
        raise UnknownEntity(f"{len(found)} entities are called {wanted!r}: give a key, of {keys}")
    raise UnknownEntity(
        f"no entity has the key or name {wanted!r}: `dateline entities list --search PART` finds it"
    )


def decisions_about(connection: duckdb.DuckDBPyConnection, entities: Sequence[str]) -> list[Row]:
    """All decisions about any of these entities, in the order they were made."""
    return ask(
        connection,
        "SELECT * FROM entity_decisions WHERE list_has_any(entities || others, ?)"
        " ORDER BY recorded_at, run_id, ordinal",
        [list(entities)],
    )


def ask(connection: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> list[Row]:
    """The rows of a query."""
    result = connection.execute(query, values)
    names = [d[0] for d in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
