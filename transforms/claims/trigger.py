"""Which word tells what happened to a counted noun."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from transforms.claims.clause import joined_with
from transforms.claims.lexicon import Word, load_lemmas, load_words
from transforms.language.document import Document

_POS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adj"}
_NEAR = 3
_SKIPPED = frozenset(("ADV", "AUX", "DET", "PRON"))
_TORN = frozenset(("VBN", "VBD", "VBG", "JJ", "NN", "NNS"))
_SUBJECTS = ("nsubj", "nsubjpass")


class Trigger(NamedTuple):
    """The token that tells a happening, and how."""

    token: int
    word: Word
    rule: str


class Counted(NamedTuple):
    """What is counted: head token, first and last token of number and noun, and its class.

    The kind is person, thing, money, number (no noun is there), or null for other nouns.
    """

    head: int
    first: int
    last: int
    name: str | None
    kind: str | None


def readings_of(document: Document, token: int) -> tuple[Word, ...]:
    """The ways in which `token` may tell a happening, whatever its tag as verb or adjective."""
    lemma, word = document.lemmas[token].lower(), document.lowers[token]
    known = load_lemmas()
    if lemma not in known and word not in known:
        return ()
    pos = _POS.get(document.pos[token])
    if pos is None:
        return ()
    words = load_words()
    found = words.get((lemma, pos), ())
    if document.tags[token] in _TORN:
        # participles are tagged as verb, adjective or noun by chance: "the injured", "two missing"
        for other in ("verb", "adj", "noun"):
            if other != pos:
                found += words.get((lemma, other), ())
            if lemma != word:
                found += words.get((word, other), ())
    return found


def find_triggers(document: Document, counted: Counted) -> list[Trigger]:
    """The words that say what happened to `counted`: one, or more where verbs are joined."""
    for candidates in (
        _governors(document, counted),
        _own(document, counted),
        _after(document, counted),
    ):
        found = list(candidates)
        if found:
            return found
    return []


def fits(document: Document, word: Word, token: int, counted: Counted) -> bool:
    """Whether `word` may be told of `counted`, and has beside it what it needs."""
    if word.counted in ("person", "thing", "money"):
        bare = counted.kind == "number" and document.deps[counted.head] in _SUBJECTS
        if counted.kind != word.counted and not (bare and word.counted == "person"):
            return False
    elif word.counted != "any":
        if document.lemmas[counted.head].lower() != word.counted:
            return False
    elif counted.kind == "money":
        return False
    return word.needs is None or has_word(document, token, word.needs)


def has_word(document: Document, token: int, needed: str) -> bool:
    """Whether a word with the lemma `needed` depends on `token`, at one remove at most."""
    for child in document.children(token):
        if needed in (document.lemmas[child].lower(), document.lowers[child]):
            return True
        if document.pos[child] not in ("VERB", "AUX") and any(
            needed == document.lemmas[below].lower() for below in document.children(child)
        ):
            return True
        if needed in ("flee", "dead", "missing") and document.lemmas[child] == needed:
            return True
    return False


def _pick(
    document: Document, token: int, roles: tuple[str, ...], counted: Counted, rule: str
) -> Iterator[Trigger]:
    """The first reading of `token` in which the counted noun has one of the roles."""
    words = readings_of(document, token)
    # a word with a condition goes before the same one without
    for word in sorted(words, key=lambda w: (w.needs is None, w.counted == "any")):
        if word.role in roles and fits(document, word, token, counted):
            yield Trigger(token, word, rule)
            return


def _governors(document: Document, counted: Counted) -> Iterator[Trigger]:
    """Triggers above the counted noun: its verb, or the noun before "of"."""
    node = counted.head
    for _ in range(6):
        dep, head = document.deps[node], document.heads[node]
        if head == node:
            return
        roles: tuple[str, ...] = ()
        if dep in ("dobj", "nsubjpass", "dative", "oprd"):
            roles = ("object",)
        elif dep == "nsubj":
            roles = _subject_roles(document, head)
        elif dep in ("pobj", "nummod", "compound", "quantmod", "amod", "npadvmod", "nmod"):
            roles = ()
        elif dep == "attr":
            # "nine of the dead are children", "among the dead were 12 women"
            yield from _told_by_subject(document, head, counted)
            return
        found = list(_pick(document, head, roles, counted, dep)) if roles else []
        if found:
            yield from found
            yield from _joined(document, head, found[0], counted)
            return
        if dep == "nsubj" and document.lemmas[head] in ("be", "become", "lie", "remain", "go"):
            found = list(_complement(document, head, counted))
            if found:
                yield from found
                return
        if dep in (*_SUBJECTS, "dobj"):
            found = list(_predicate(document, head, node, counted))
            yield from found
            if not found and document.pos[head] in ("VERB", "AUX"):
                yield from _shared(document, head, dep, counted)
            return
        if dep == "pobj":
            noun = document.heads[head]
            prep = document.lowers[head]
            if prep in ("of", "to", "at", "by", "from", "for"):
                found = list(_pick(document, noun, ("of",), counted, "noun"))
                if prep == "of" and found:
                    yield from found
                    return
                toll = list(_toll(document, noun, counted))
                if toll:
                    yield from toll
                    return
            if prep == "of" and document.lemmas[noun] == "life":
                node = noun
                continue
            if prep == "of" and document.pos[noun] in ("NOUN", "NUM", "PRON", "PROPN"):
                node = noun
                continue
            if prep in ("among", "including"):
                node = noun
                continue
            return
        if dep in ("conj", "appos", "nummod", "quantmod", "compound", "amod", "nmod", "npadvmod"):
            if dep == "conj" and document.pos[head] in ("VERB", "AUX"):
                return
            if dep in ("nummod", "amod", "compound"):
                found = list(_pick(document, head, ("self", "object", "is"), counted, "noun"))
                if found:
                    yield from found
                    return
            node = head
            continue
        if dep == "ccomp" and document.pos[node] in ("NOUN", "NUM"):
            return
        return


def _subject_roles(document: Document, verb: int) -> tuple[str, ...]:
    """What a subject is to `verb`: of a participle without auxiliary it suffers."""
    below = document.children(verb)
    if document.tags[verb] == "VBN" and not any(document.deps[c] == "aux" for c in below):
        return ("subject", "object", "is")
    if (
        document.deps[verb] == "conj"
        and not any(document.deps[c] in ("dobj", "aux") for c in below)
        and _voice(document, document.heads[verb]) == ("object",)
    ):
        # "14 were killed and 22 wounded"
        return ("subject", "object")
    if document.pos[verb] == "ADJ":
        return ("is",)
    if document.tags[verb] == "VBG":
        return ("subject", "is")
    return ("subject",)


def _joined(document: Document, head: int, first: Trigger, counted: Counted) -> Iterator[Trigger]:
    """Verbs joined with the trigger that share the counted noun: "were killed or wounded"."""
    for other in joined_with(document, head):
        below = document.children(other)
        if any(document.deps[c] in ("nsubj", "nsubjpass", "dobj") for c in below):
            continue
        found = list(_pick(document, other, (first.word.role, "is"), counted, "joined"))
        if not found and first.word.role in ("object", "subject"):
            found = list(_pick(document, other, _voice(document, other), counted, "joined"))
        for trigger in found:
            if trigger.word.happening != first.word.happening:
                yield trigger


def _voice(document: Document, verb: int) -> tuple[str, ...]:
    passive = any(document.deps[c] == "auxpass" for c in document.children(verb))
    return ("object",) if passive else ("subject",)


def _shared(document: Document, head: int, dep: str, counted: Counted) -> Iterator[Trigger]:
    """A verb joined with `head` that shares its subject: "were shot and died"."""
    if dep not in _SUBJECTS:
        return
    for other in joined_with(document, head):
        below = document.children(other)
        if any(document.deps[c] in _SUBJECTS for c in below):
            continue
        roles = _voice(document, other)
        if dep == "nsubjpass" and document.tags[other] == "VBN":
            roles = ("object", "is")
        yield from _pick(document, other, roles, counted, "joined")


def _complement(document: Document, verb: int, counted: Counted) -> Iterator[Trigger]:
    """The adjective, participle or noun that `be` says of the counted noun."""
    for child in document.children(verb):
        if document.deps[child] in ("acomp", "attr", "oprd", "prep", "advcl", "xcomp"):
            found = list(_pick(document, child, ("is",), counted, "complement"))
            if not found and child > counted.head:
                found = list(_pick(document, child, ("object",), counted, "complement"))
                found = [t for t in found if document.tags[t.token] in ("VBN", "JJ")]
            for trigger in found:
                yield trigger
                for other in joined_with(document, child):
                    yield from _pick(document, other, ("is",), counted, "joined")
                return
            if document.pos[child] == "ADP":
                for below in document.children(child):
                    # "were among the dead"
                    if document.lowers[child] in ("among", "amongst"):
                        yield from _pick(document, below, ("of",), counted, "among")


def _predicate(document: Document, verb: int, node: int, counted: Counted) -> Iterator[Trigger]:
    """The adjective that `verb` leaves or finds the counted noun with: "left nine people dead"."""
    for child in document.children(verb):
        if child > node and document.deps[child] in ("oprd", "acomp", "ccomp", "xcomp", "advmod"):
            found = list(_pick(document, child, ("is",), counted, "predicate"))
            if not found and document.tags[child] == "VBN":
                found = list(_pick(document, child, ("object",), counted, "predicate"))
            if not found and document.deps[child] == "xcomp":
                found = list(_pick(document, child, ("object",), counted, "predicate"))
                passive = any(document.deps[c] == "auxpass" for c in document.children(child))
                if found and not passive:
                    found = []
                if not found and not passive:
                    found = list(_pick(document, child, ("subject",), counted, "predicate"))
            if found:
                yield from found[:1]
                return


def _told_by_subject(document: Document, verb: int, counted: Counted) -> Iterator[Trigger]:
    """What the subject of "be", or what opens the clause, says of the counted noun after it."""
    for child in document.children(verb):
        if document.deps[child] in ("nsubj", "prep", "attr", "expl"):
            for token in document.subtree(child):
                if document.heads[token] != child and token != child:
                    prep = document.heads[token]
                    if document.lowers[prep] not in ("of", "among"):
                        continue
                if token == counted.head:
                    continue
                found = list(_pick(document, token, ("of", "self", "toll"), counted, "subject"))
                if found:
                    yield found[0]
                    return


def _toll(document: Document, above: int, counted: Counted) -> Iterator[Trigger]:
    """The toll that rises to the counted number: "the death toll rose to 75"."""
    for child in document.children(above):
        if document.deps[child] in _SUBJECTS:
            yield from _pick(document, child, ("toll",), counted, "toll")
    yield from _pick(document, above, ("toll",), counted, "toll")


def _own(document: Document, counted: Counted) -> Iterator[Trigger]:
    """Triggers in or below the counted noun: "three deaths", "29 wounded soldiers"."""
    for token in (counted.head, counted.last):
        yield_from = list(_pick(document, token, ("self",), counted, "self"))
        if yield_from:
            yield from yield_from
            return
    for child in document.children(counted.head):
        dep = document.deps[child]
        if dep in ("amod", "acl", "relcl", "advcl", "appos"):
            roles: tuple[str, ...] = ("is",)
            if dep in ("amod", "acl") and document.tags[child] == "VBN":
                roles = ("is", "object")
            elif dep == "relcl":
                roles = _relative_roles(document, child)
            found = list(_pick(document, child, roles, counted, dep))
            if not found and dep == "relcl":
                found = list(_complement(document, child, counted))
            if found:
                yield from found
                yield from _joined(document, found[0].token, found[0], counted)
                return
        if dep == "prep" and document.lowers[child] == "of":
            for below in document.children(child):
                found = list(_pick(document, below, ("of",), counted, "of"))
                if found:
                    yield from found
                    return


def _relative_roles(document: Document, verb: int) -> tuple[str, ...]:
    for child in document.children(verb):
        if document.tags[child] in ("WP", "WDT"):
            if document.deps[child] == "nsubj":
                return ("subject",)
            if document.deps[child] in ("nsubjpass", "dobj"):
                return ("object",)
    return ()


def _after(document: Document, counted: Counted) -> Iterator[Trigger]:
    """The participle or adjective right after the counted noun, where the parse lost the tie.

    "14 soldiers were killed and 22 wounded" is told so short that the parser guesses.
    """
    token = counted.last + 1
    last = min(len(document), token + _NEAR)
    while token < last and document.pos[token] in _SKIPPED:
        token += 1
    if token >= last or document.tags[token] not in ("VBN", "VBD", "JJ"):
        return
    if any(document.deps[c] in ("dobj", "nsubj") for c in document.children(token)):
        return
    yield from _pick(document, token, ("object", "is"), counted, "after")
