"""The entities that most articles tell of, without reading every mention of the warehouse.

How often each `entity_id` is mentioned takes one narrow column to count; how many articles tell of
an entity takes rows. An entity has no more articles than mentions: so the rows of those with the
most mentions are enough, once all others have fewer than the last that is wanted has articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb

from flows.registry.changes import Row

AHEAD = 5
"""How many times as many as are wanted are looked at first."""

_MENTIONED = """
WITH seen AS MATERIALIZED (SELECT entity_id, count(*) AS n FROM mentions GROUP BY entity_id),
bearer AS (
    SELECT entity_id, entity FROM entity_aliases WHERE article_id IS NOT NULL
    UNION SELECT entity_id, entity_id FROM seen
)
SELECT e.current AS entity, sum(s.n) AS mentions FROM bearer b
JOIN seen s USING (entity_id) JOIN entities e ON e.entity = b.entity
JOIN entities c ON c.entity = e.current
WHERE $kind IS NULL OR c.type = $kind
GROUP BY ALL
HAVING $search IS NULL OR bool_or(s.entity_id IN (
    SELECT entity_id FROM mentions WHERE contains(lower(canonical_name), lower($search))))
ORDER BY mentions DESC, entity
"""
"""At most so many mentions an entity has: those of a name with several bearers count for each."""

_COUNTED = """
WITH parts AS MATERIALIZED (
    SELECT entity, current FROM entities WHERE list_contains($keys, current)
),
written AS MATERIALIZED (
    SELECT entity AS entity_id FROM parts
    UNION SELECT entity_id FROM entity_aliases
          WHERE article_id IS NOT NULL AND entity IN (SELECT entity FROM parts)
)
SELECT p.current AS entity, c.type, c.name,
       list(DISTINCT m.canonical_name ORDER BY m.canonical_name) AS names,
       count(DISTINCT m.article_id) AS articles, count(*) AS mentions
FROM mentions m
JOIN written w ON w.entity_id = m.entity_id
LEFT JOIN entity_aliases here ON here.entity_id = m.entity_id AND here.article_id = m.article_id
JOIN parts p ON p.entity = coalesce(here.entity, m.entity_id)
JOIN entities c ON c.entity = p.current
GROUP BY ALL
HAVING $search IS NULL OR bool_or(contains(lower(m.canonical_name), lower($search)))
"""


def rank_entities(
    connection: duckdb.DuckDBPyConnection, search: str | None, kind: str | None, limit: int
) -> list[Row]:
    """Entities with most articles first: entity, type, name, names, articles, mentions.

    Args:
        connection: a session with the lake and its views.
        search: a part of any of their names, in any case.
        kind: a type of mentions.
        limit: how many at most.
    """
    mentioned = connection.execute(_MENTIONED, {"kind": kind, "search": search}).fetchall()
    rows: list[Row] = []
    for part, rest in _parts(mentioned, limit * AHEAD):
        rows += _counted(connection, [entity for entity, _ in part], search)
        rows.sort(key=lambda row: (-row["articles"], -row["mentions"], row["entity"]))
        # of equal articles the mentions decide: one that is not counted yet must have fewer
        if len(rows) >= limit and rows[limit - 1]["articles"] > rest:
            break
    return rows[:limit]


def _parts(
    mentioned: Sequence[tuple[str, int]], size: int
) -> Iterator[tuple[Sequence[tuple[str, int]], int]]:
    """Entities by falling mentions, in parts that double, each with the most that is left."""
    first = 0
    while first < len(mentioned):
        last = first + size
        yield mentioned[first:last], mentioned[last][1] if last < len(mentioned) else 0
        first, size = last, size * 2


def _counted(
    connection: duckdb.DuckDBPyConnection, keys: list[str], search: str | None
) -> list[Row]:
    result = connection.execute(_COUNTED, {"keys": keys, "search": search})
    names = [d[0] for d in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
