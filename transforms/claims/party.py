"""Who did it, and to whom: subjects, agents and objects of the word that tells a happening."""

from __future__ import annotations

from typing import NamedTuple

from transforms.claims.clause import is_gerund
from transforms.claims.scene import Scene
from transforms.language.document import Document
from transforms.quotes.attribute import span_of
from transforms.quotes.content import is_after_infinitive
from transforms.quotes.speaker import FIRST, THIRD
from warehouse.tables import Quote

_SHARES = frozenset(("conj", "xcomp", "pcomp", "prep", "advcl", "ccomp"))
_STEPS = 5


class Party(NamedTuple):
    """A noun phrase: code points, and the mention it stands for, if it names one."""

    token: int
    start: int
    end: int
    mention_id: str | None
    name: str | None
    entity_id: str | None


def find_actor(document: Document, verb: int) -> int | None:
    """The head token of whoever does `verb`: agent, subject, or the subject of the verb above."""
    passive = is_passive(document, verb)
    token = verb
    for step in range(_STEPS):
        for child in document.children(token):
            dep = document.deps[child]
            if dep == "agent":
                return next(iter(document.children(child)), None)
            if dep == "nsubj" and not (step == 0 and passive):
                return _antecedent(document, child)
            if is_gerund(document, child) and not passive:
                return child
            if dep == "nsubjpass" and step and not passive:
                return _antecedent(document, child)
        if passive:
            return None
        dep, head = document.deps[token], document.heads[token]
        if dep == "acl" and document.tags[token] == "VBG":
            return head
        if dep not in _SHARES or head == token:
            return None
        if is_after_infinitive(document, token):
            # "urged them to leave and sent a ship": parsed as if they were to leave and sent
            head = document.heads[head]
        elif dep == "conj" and document.deps[head] == "parataxis":
            # "The fire killed nine, officials said, and destroyed a school"
            head = document.heads[head]
        if dep == "ccomp" and document.tags[token] != "VBG":
            return None
        if dep == "xcomp":
            # "ordered troops to fire": the object does what the verb below tells
            done = next((c for c in document.children(head) if document.deps[c] == "dobj"), None)
            if done is not None and done < token:
                return done
        if dep == "advcl" and document.tags[token] not in ("VBG", "VBN", "VB"):
            return None
        token = head
    return None


def find_owner(document: Document, noun: int) -> int | None:
    """Who does what a noun tells: "the army's arrest of", "killings by the army"."""
    for child in document.children(noun):
        if document.deps[child] == "poss":
            return child
        if document.deps[child] in ("prep", "agent") and document.lowers[child] == "by":
            return next(iter(document.children(child)), None)
    return None


def is_passive(document: Document, verb: int) -> bool:
    """Whether `verb` is passive: with an auxiliary of it, or a participle after its noun."""
    below = document.children(verb)
    if any(document.deps[c] in ("auxpass", "nsubjpass") for c in below):
        return True
    if any(document.deps[c] == "dobj" for c in below) or document.tags[verb] != "VBN":
        return False
    if document.deps[verb] == "conj":
        return is_passive(document, document.heads[verb])
    return not any(document.deps[c] == "aux" for c in below)


def find_object(document: Document, verb: int) -> int | None:
    """The head token of what `verb` is done to: its object, or the subject of its passive."""
    for child in document.children(verb):
        if document.deps[child] in ("dobj", "nsubjpass"):
            return _antecedent(document, child)
    if document.deps[verb] == "conj" and is_passive(document, verb):
        return find_object(document, document.heads[verb])
    if document.deps[verb] == "acl" and document.tags[verb] == "VBN":
        return document.heads[verb]
    return None


def to_party(scene: Scene, token: int, quote: Quote | None) -> Party:
    """The phrase headed by `token` with its mention; a pronoun in a quote may be its speaker."""
    document = scene.document
    first, last = span_of(document, token)
    start, end = document.starts[first], document.ends[last - 1]
    # a headline or dateline on a line of its own is parsed as part of what follows
    start = max(start, document.text.rfind("\n", start, document.starts[token]) + 1)
    if document.pos[token] == "PRON" or document.lowers[token] in FIRST | THIRD:
        start, end = document.starts[token], document.ends[token]
        if quote is not None and _speaks(document, token, quote):
            return Party(token, start, end, None, quote.speaker_name, quote.speaker_entity_id)
        if document.lowers[token] in ("he", "she"):
            return Party(token, start, end, None, *scene.speakers.name_of(token, start, end))
        return Party(token, start, end, None, None, None)
    found = scene.speakers.naming(token, start, end)
    if found is None:
        return Party(token, start, end, None, None, None)
    # a description has the name of a mention that stands elsewhere
    within = start <= found.start and found.end <= end
    key = scene.key("mentions", found) if within else None
    return Party(token, start, end, key, found.canonical_name, found.entity_id)


def _speaks(document: Document, token: int, quote: Quote) -> bool:
    """Whether a pronoun in a quote means its speaker: "we" in quoted words, "it" outside them."""
    if document.lowers[token] in FIRST:
        return quote.quote_type != "indirect"
    return quote.quote_type != "direct" and document.lowers[token] in THIRD


def _antecedent(document: Document, token: int) -> int:
    """The noun that a relative pronoun stands for, else `token`."""
    if document.tags[token] in ("WP", "WDT"):
        clause = document.heads[token]
        while document.deps[clause] != "relcl" and document.heads[clause] != clause:
            clause = document.heads[clause]
        if document.deps[clause] == "relcl":
            return document.heads[clause]
    return token
