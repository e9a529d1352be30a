"""Keys as the index of entities keeps them, and how it looks for many at once.

Most keys are 64 bits of a hash, written in hexadecimal. As integers they take half the room in
every row and B-tree, and sort as they did, so answers come in the same order.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

Packed = int | str
_HASH = re.compile(r"[0-9a-f]{16}")
_HALF = 1 << 63
_MANY = 20_000
"""Keys that are looked for in one pass."""


def pack(key: str) -> Packed:
    """A key as it is stored: an integer where it is 64 bits in hexadecimal."""
    return int(key, 16) - _HALF if _HASH.fullmatch(key) else key


def unpack(stored: Packed) -> str:
    """The key that `pack` was given."""
    return stored if isinstance(stored, str) else f"{stored + _HALF:016x}"


def in_order(keys: Iterable[Packed]) -> list[Packed]:
    """Keys as a B-tree has them: integers before texts."""
    numbers: list[int] = []
    texts: list[str] = []
    for key in set(keys):
        if isinstance(key, str):
            texts.append(key)
        else:
            numbers.append(key)
    return [*sorted(numbers), *sorted(texts)]


def look_up(
    database: sqlite3.Connection, query: str, wanted: Iterable[Packed]
) -> Iterator[tuple[Any, ...]]:
    """Rows of a query that reads the keys it is about from ``wanted``, in their order.

    Whoever asks for keys one after the other, as articles have them, comes back to each page of a
    large index many times, and a cache of fixed size has lost it by then. In order of key each page
    is read once.
    """
    order = in_order(wanted)
    for first in range(0, len(order), _MANY):
        part = json.dumps(order[first : first + _MANY])
        yield from database.execute(
            f"WITH wanted AS (SELECT value AS key FROM json_each(?)) {query}", [part]
        )
