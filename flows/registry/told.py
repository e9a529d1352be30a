"""Where an entity is named, in one pass over one column of the mentions.

The keys that its mentions have are found first, and given as a list: DuckDB then reads
other columns only where that of `entity_id` has one of them. Views that join mentions with entities
would carry every mention of the warehouse through the joins.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

_WRITTEN = """
SELECT DISTINCT entity_id FROM entity_aliases
WHERE article_id IS NOT NULL AND entity IN (SELECT unnest(?))
"""
_MOVED = """
SELECT article_id, entity_id, entity FROM entity_aliases
WHERE article_id IS NOT NULL AND entity_id IN (SELECT unnest(?))
"""
_TOLD = """
WITH named AS MATERIALIZED (
    SELECT entity_id, article_id, canonical_name, any_value(title) AS title, count(*) AS mentions
    FROM mentions WHERE entity_id IN (SELECT unnest($written)) GROUP BY ALL
)
SELECT p.current AS entity, n.article_id, n.canonical_name AS name, any_value(n.title) AS title,
       sum(n.mentions)::BIGINT AS mentions
FROM named n
LEFT JOIN moved ON moved.entity_id = n.entity_id AND moved.article_id = n.article_id
JOIN parts p ON p.entity = coalesce(moved.entity, n.entity_id)
GROUP BY ALL
"""


def read_told(connection: duckdb.DuckDBPyConnection, parts: Mapping[str, str]) -> pa.Table:
    """The articles that name any of some entities: entity, article_id, name, title, mentions.

    Args:
        parts: all that count as one of them, with what each counts as.
    """
    keys = list(parts)
    written = {*keys, *(key for (key,) in connection.execute(_WRITTEN, [keys]).fetchall())}
    moved = connection.execute(_MOVED, [sorted(written)]).to_arrow_table()
    counts = pa.table({"entity": keys, "current": list(parts.values())})
    connection.register("moved", moved)
    connection.register("parts", counts)
    try:
        return connection.execute(_TOLD, {"written": sorted(written)}).to_arrow_table()
    finally:
        connection.unregister("moved")
        connection.unregister("parts")
