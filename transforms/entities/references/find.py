"""What stands for a name: descriptions and pronouns, each with the name it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from transforms.entities.references.bodies import SEVERAL, SINGLE, Body, resolve_body
from transforms.entities.references.descriptions import (
    find_described,
    find_rivals,
    resolve_description,
)
from transforms.entities.references.people import SEXES, Candidate, find_ahead, resolve_person
from transforms.entities.references.said import Said, entity_of, find_people, head_of, is_subject
from transforms.entities.references.traits import find_sexes, find_traits
from transforms.language.document import Document
from transforms.quotes.marks import find_quoted
from warehouse.tables import Mention

VERSION = "1"

_BODIES = frozenset(("ORG", "GROUP", "PLACE"))


class Reference(NamedTuple):
    """Words that stand for a name.

    Attributes:
        start, end: code points of the words.
        form: description or pronoun.
        mention: the last mention before it of what it stands for, or the one it prepares.
        is_clear: whether nobody else can be meant; what is not clear is the likeliest.
    """

    start: int
    end: int
    form: str
    mention: Mention
    is_clear: bool


def find_references(document: Document, mentions: Sequence[Mention]) -> list[Reference]:
    """The descriptions and pronouns that stand for a name, in order of position.

    Words in direct quotations stand for what their speaker has in mind, and are left out; so are
    the first and second person.

    Args:
        document: the parsed text.
        mentions: its names.
    """
    return _Reader(document, mentions).read()


class _Reader:
    """One reading of a document from its first word to its last."""

    def __init__(self, document: Document, mentions: Sequence[Mention]) -> None:
        self.document = document
        self.mentions = sorted(mentions, key=lambda m: (m.start, m.end))
        self.heads = [head_of(document, m.start, m.end) for m in self.mentions]
        self.quoted = _flags(document, [(q.start, q.end) for q in find_quoted(document.text)])
        self.covered = _flags(document, [(m.start, m.end) for m in self.mentions])
        self.traits = find_traits(document, self.mentions, self.heads)
        self.sexes = find_sexes(document, self.mentions, self.traits)
        self.turns = self._turns()
        self.sentences = _sentences(document)
        self.ahead = {
            h: i
            for i, (m, h) in enumerate(zip(self.mentions, self.heads, strict=True))
            if m.type == "PERSON"
        }
        self.people: list[Candidate] = []
        self.names: list[Candidate] = []
        self.bodies: dict[int, Body] = {}

    def read(self) -> list[Reference]:
        document, found = self.document, []
        names: dict[int, list[int]] = {}
        for index, head in enumerate(self.heads):
            names.setdefault(head, []).append(index)
        described = set(find_described(document, self.covered))
        rivals = find_rivals(document, self.covered, described)
        unnamed = set(find_people(document, self.covered)) - described
        for token, word in enumerate(document.lowers):
            for index in names.get(token, ()):
                self._say(token, index)
            if self.quoted[token] or self.covered[token]:
                continue
            reference = None
            if token in described:
                best = resolve_description(
                    document, token, self.names, self.traits, [r for r in rivals if r < token]
                )
                if best is not None and best.said.mention is not None:
                    start = next(c for c in document.children(token) if document.lowers[c] == "the")
                    reference = self._refer(start, token, "description", best.said.mention, True)
                else:
                    self._say_nobody(token)
            elif token in unnamed:
                self._say_nobody(token)
            elif word in SEXES:
                reference = self._person(token)
            elif word in SINGLE or word in SEVERAL:
                body = resolve_body(document, token, self.bodies)
                if body is not None and body.said.mention is not None:
                    reference = self._refer(token, token, "pronoun", body.said.mention, True)
            if reference is not None:
                found.append(reference)
        return found

    def _refer(self, first: int, token: int, form: str, index: int, clear: bool) -> Reference:
        """The reference of the words from `first` to `token`, which is spoken of from here on."""
        self._say(token, index, clear)
        start, end = self.document.starts[first], self.document.ends[token]
        return Reference(start, end, form, self.mentions[index], clear)

    def _say(self, token: int, index: int, clear: bool = True) -> None:
        """Note that the entity of a mention is spoken of at `token`."""
        document, mention = self.document, self.mentions[index]
        said = Said(
            token, self.sentences[token], index, is_subject(document, token), self.quoted[token]
        )
        candidate = Candidate(said, entity_of(mention), clear)
        if mention.type == "PERSON" and not said.is_quoted:
            self.people.append(candidate)
        if clear and not said.is_quoted:
            self.names.append(candidate)
        if mention.type in _BODIES:
            deps = document.deps
            in_list = deps[token] == "conj" or any(
                deps[c] == "conj" for c in document.children(token)
            )
            self.bodies[token] = Body(said, mention.type, in_list)

    def _person(self, token: int) -> Reference | None:
        """The reference of "he" or "she" at `token`."""
        document = self.document
        person, clear = resolve_person(document, token, self.people, self.sexes, self.turns)
        index = person.said.mention if person is not None else None
        ahead = find_ahead(document, token, self.ahead)
        if ahead is not None:
            entity = entity_of(self.mentions[ahead])
            if self.sexes.get(entity) == SEXES[document.lowers[token]]:
                index, clear = ahead, True
            elif person is not None and person.entity != entity:
                clear = False
        if index is None:
            return None
        if clear:
            # a name that tells no sex has one from now on
            self.sexes.setdefault(entity_of(self.mentions[index]), SEXES[document.lowers[token]])
        return self._refer(token, token, "pronoun", index, clear)

    def _say_nobody(self, token: int) -> None:
        """Note that somebody without a name is spoken of."""
        document = self.document
        said = Said(token, self.sentences[token], None, is_subject(document, token), False)
        self.people.append(Candidate(said, None))

    def _turns(self) -> list[int]:
        """For each sentence, how many before it have words outside of quotations."""
        turns, count = [], 0
        for first, last in self.document.sentences:
            turns.append(count)
            count += any(
                not self.quoted[t] and self.document.words[t][0].isalpha()
                for t in range(first, last)
            )
        return turns


def _sentences(document: Document) -> list[int]:
    """The ordinal of each token's sentence."""
    return [
        ordinal
        for ordinal, (first, last) in enumerate(document.sentences)
        for _ in range(first, last)
    ]


def _flags(document: Document, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """For each token whether it lies in one of the spans, which are in order and apart."""
    found, at = [], 0
    for start in document.starts:
        while at < len(spans) and spans[at][1] <= start:
            at += 1
        found.append(at < len(spans) and spans[at][0] <= start)
    return found
