"""What the words of a document stand for: one answer for names, descriptions and pronouns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from transforms.entities.references.find import Reference
from warehouse.tables import Mention


class Referent(NamedTuple):
    """The entity that words stand for, within its document.

    Attributes:
        form: name, description or pronoun.
        kind: mention type.
        name: canonical name.
        mention: a mention of it.
        is_clear: whether nobody else can be meant; a name is always clear.
    """

    form: str
    kind: str
    name: str
    mention: Mention
    is_clear: bool


class Referents:
    """The referents of a document's words, by their span."""

    def __init__(self, mentions: Sequence[Mention], references: Sequence[Reference]) -> None:
        found = [(m.start, m.end, Referent("name", m.type, m.canonical_name, m, True))
                 for m in mentions]  # fmt: skip
        for r in references:
            name = r.mention.canonical_name
            found.append(
                (r.start, r.end, Referent(r.form, r.mention.type, name, r.mention, r.is_clear))
            )
        self._found = sorted(found, key=lambda item: (item[0], item[1]))
        self._starts = [start for start, _, _ in self._found]

    def of(self, start: int, end: int) -> Referent | None:
        """What exactly the words [start, end) stand for; null where that is not known."""
        at = bisect_left(self._starts, start)
        while at < len(self._found) and self._found[at][0] == start:
            if self._found[at][1] == end:
                return self._found[at][2]
            at += 1
        return None

    def at(self, offset: int) -> Referent | None:
        """What the words that hold the code point `offset` stand for, as of a phrase's head."""
        at = bisect_left(self._starts, offset + 1)
        for start, end, referent in reversed(self._found[max(0, at - 4) : at]):
            if start <= offset < end:
                return referent
        return None
