"""A name found in a text, before it is a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Found(NamedTuple):
    """Code points [start, end), mention type, and the rule or model label that found it."""

    start: int
    end: int
    kind: str
    rule: str


def keep_apart(found: Iterable[Found], taken: bytearray) -> list[Found]:
    """Those that overlap nothing taken before, in order; they are taken then.

    Args:
        found: names, the surer first.
        taken: one byte a code point of the text, not zero where a name lies.
    """
    kept = []
    for name in found:
        if not any(taken[name.start : name.end]):
            taken[name.start : name.end] = b"\1" * (name.end - name.start)
            kept.append(name)
    return kept
