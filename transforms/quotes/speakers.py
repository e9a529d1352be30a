"""The entity that a speaker stands for: the named people of a document, by what refers to them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from transforms.entities.references.find import Reference, find_references
from transforms.entities.references.referents import Referents
from transforms.language.document import Document
from transforms.quotes.attribute import span_of
from transforms.quotes.speaker import load_bodies, load_works
from warehouse.tables import Mention

_RELATIVE = frozenset(("who", "which", "that"))
_BESIDE = frozenset(("appos", "compound", "nmod", "flat", "dep"))
_BEFORE = frozenset(("compound", "amod", "nmod"))
_WROTE = _BEFORE | {"poss", "by", "from", "pobj", "agent"}
_SERVED = _BEFORE | {"poss", "for", "of", "pobj"}
_SPOKESMEN = frozenset(("spokesman", "spokeswoman", "spokesperson"))
_STEPS = 5


class Speakers:
    """The named people of a document, for pronouns and relatives to refer to.

    `references` are those of `find_references`, which are found here where they are not given.
    """

    def __init__(
        self,
        document: Document,
        mentions: Sequence[Mention],
        references: Sequence[Reference] | None = None,
    ) -> None:
        self._document = document
        if references is None:
            references = find_references(document, mentions)
        self._referents = Referents(mentions, references)
        self._mentions = sorted(mentions, key=lambda m: (m.start, m.end))
        self._starts = [m.start for m in self._mentions]

    def within(self, start: int, end: int) -> list[Mention]:
        """The mentions within [start, end), in order."""
        at = bisect_left(self._starts, start)
        return [m for m in self._mentions[at : at + 8] if m.end <= end]

    def around(self, start: int, end: int) -> list[Mention]:
        """The mentions that hold [start, end), in order."""
        at = bisect_left(self._starts, start + 1)
        return [m for m in self._mentions[max(0, at - 4) : at] if m.end >= end]

    def naming(self, token: int, start: int, end: int) -> Mention | None:
        """The mention that the phrase [start, end) headed by `token` stands for.

        That is the one that holds its head, or a person beside it ("the mayor, Ana Ruiz"). A name
        that only says whose or where it is does not name it ("Kenya's finance ministry"), unless
        many or a spokesman speak for it ("Hamas officials"), or it wrote what is quoted ("a report
        by the bank"). A description without a name has the name it refers to ("the envoy").
        """
        document = self._document
        inside = self.within(start, end)
        at = document.starts[token]
        for mention in inside:
            if mention.start <= at < mention.end:
                return mention
        ties = [(mention, self._ties(mention, token)) for mention in inside]
        for mention, tie in ties:
            if mention.type == "PERSON" and tie and tie <= _BESIDE:
                return mention
        lemma = document.lemmas[token].lower()
        allowed = frozenset[str]()
        if lemma in load_works():
            allowed = _WROTE
        elif lemma in _SPOKESMEN:
            allowed = _SERVED
        elif document.tags[token] in ("NNS", "NNPS") and lemma not in load_bodies():
            allowed = _BEFORE
        told = next((m for m, tie in ties if tie and tie <= allowed), None)
        if told is None and not inside:
            meant = self._referents.at(at)
            return meant.mention if meant is not None and meant.is_clear else None
        return told

    def _ties(self, mention: Mention, token: int) -> frozenset[str]:
        """What leads from a mention to `token`: dependencies, and prepositions by their word."""
        document = self._document
        found: set[str] = set()
        at = document.token_at(mention.end - 1)
        for _ in range(_STEPS):
            if at == token:
                return frozenset(found)
            if document.starts[document.heads[at]] not in range(mention.start, mention.end):
                word = document.lowers[at]
                found.add(word if document.deps[at] == "prep" else document.deps[at])
            if document.heads[at] == at:
                break
            at = document.heads[at]
        return frozenset()

    def name_of(self, token: int, start: int, end: int) -> tuple[str | None, str | None]:
        """Canonical name and entity of the speaker [start, end) headed by `token`, or nulls."""
        document, word = self._document, self._document.lowers[token]
        if word in _RELATIVE and document.tags[token] in ("WP", "WDT", "IN"):
            clause = document.heads[token]
            while document.deps[clause] not in ("relcl", "ROOT"):
                clause = document.heads[clause]
            if document.deps[clause] == "ROOT":
                return None, None
            token = document.heads[clause]
            first, last = span_of(document, token)
            start, end = document.starts[first], document.ends[last - 1]
        elif document.pos[token] == "PRON":
            meant = self._referents.of(document.starts[token], document.ends[token])
            return (meant.name, meant.mention.entity_id) if meant is not None else (None, None)
        named = self.naming(token, start, end)
        return (None, None) if named is None else (named.canonical_name, named.entity_id)
