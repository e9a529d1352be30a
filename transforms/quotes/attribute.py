"""Who said it: the speaker of a cue, and the entity a speaker stands for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from transforms.entities.references.find import Reference, find_references
from transforms.entities.references.referents import Referents
from transforms.language.document import Document
from transforms.quotes.speaker import load_bodies, load_works
from warehouse.tables import Mention

_SUBJECTS = frozenset(("nsubj", "csubj", "nsubjpass"))
_CUT = frozenset(("relcl", "acl", "advcl", "punct", "ccomp"))
_RELATIVE = frozenset(("who", "which", "that"))
_LONGEST = 30
_BESIDE = frozenset(("appos", "compound", "nmod", "flat", "dep"))
_BEFORE = frozenset(("compound", "amod", "nmod"))
_WROTE = _BEFORE | {"poss", "by", "from", "pobj", "agent"}
_SERVED = _BEFORE | {"poss", "for", "of", "pobj"}
_SPOKESMEN = frozenset(("spokesman", "spokeswoman", "spokesperson"))
_STEPS = 5


def find_subject(document: Document, cue: int) -> int | None:
    """The head token of whoever does `cue`: its subject, agent, or one shared with its head."""
    deps, heads = document.deps, document.heads
    token = cue
    for _ in range(6):
        passive = None
        for child in document.children(token):
            dep = deps[child]
            if dep == "nsubj":
                return child
            if dep == "agent":
                return next((c for c in document.children(child) if deps[c] == "pobj"), None)
            if dep == "nsubjpass":
                passive = child
        if passive is not None:
            # In "was told that" the subject heard it; nobody is named who said it. As a shared
            # subject ("was elected and said") it speaks.
            return passive if token != cue else None
        dep, head = deps[token], heads[token]
        if dep in ("acl", "relcl"):
            return head
        if (
            dep not in ("conj", "xcomp", "advcl", "ccomp", "pcomp", "prep", "dep", "acomp", "attr")
            or head == token
        ):
            return None
        if dep == "ccomp" and head < token:
            return None
        token = head
    return None


_NOMINAL = frozenset(("NOUN", "PROPN", "PRON"))


def find_speaker(
    document: Document, cue: int, quoted: Callable[[int], bool] | None = None
) -> int | None:
    """The subject of `cue`; where the parse has none outside the marks, the phrase beside it.

    Args:
        document: the parsed text.
        cue: the verb.
        quoted: whether a token stands between quotation marks; such a token speaks no cue.
    """
    subject = find_subject(document, cue)
    if subject is not None and (quoted is None or not quoted(subject)):
        return subject
    for token in (cue - 1, cue + 1):
        # A quotation parsed with its frame often turns "Smith said" into an apposition.
        while token == cue - 1 and token > 0 and document.pos[token] in ("AUX", "ADV"):
            cue = token
            token -= 1
        if not 0 <= token < len(document) or (quoted is not None and quoted(token)):
            continue
        if quoted is None and token > cue:
            continue
        if token > cue:
            return _phrase_after(document, token)
        if document.pos[token] in _NOMINAL:
            return token
        if document.words[token] in (",", ")"):
            opened = _phrase_before(document, token, quoted)
            if opened is not None:
                return opened
    return None


def _phrase_after(document: Document, token: int) -> int | None:
    """The head noun of the phrase that begins at `token`."""
    for index in range(token, min(len(document), token + 6)):
        if document.pos[index] in _NOMINAL:
            following = index + 1
            while following < len(document) and document.pos[following] in ("NOUN", "PROPN"):
                following += 1
            return following - 1
        if document.pos[index] not in ("DET", "ADJ", "NUM", "ADV"):
            return None
    return None


def _phrase_before(
    document: Document, token: int, quoted: Callable[[int], bool] | None
) -> int | None:
    """The noun before the apposition that ends in the comma or bracket at `token`."""
    for index in range(token - 1, max(0, token - 15), -1):
        if quoted is not None and quoted(index):
            return None
        if document.words[index] in (",", "("):
            before = index - 1
            nominal = document.pos[before] in ("PROPN", "NOUN")
            return before if nominal and not (quoted is not None and quoted(before)) else None
    return None


def span_of(document: Document, token: int) -> tuple[int, int]:
    """Tokens [first, last) of the noun phrase headed by `token`, without clauses about it."""
    first, last = token, token + 1
    for child in document.children(token):
        dep = document.deps[child]
        if dep in _CUT:
            if child > token and dep != "punct":
                break
            continue
        below = document.subtree(child)
        first, last = min(first, below[0]), max(last, below[-1] + 1)
    while first < token and document.words[first].isspace():
        first += 1
    if last - first > _LONGEST:
        return max(first, token - 3), token + 1
    return first, last


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
