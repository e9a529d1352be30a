"""Words above what is counted that tell its fate: verbs, complements, nouns before "of"."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.claims.clause import joined_with
from transforms.claims.reading import SUBJECTS, Counted, Trigger, pick, voice_of
from transforms.claims.toll import find_toll
from transforms.language.document import Document


def find_governors(document: Document, counted: Counted) -> Iterator[Trigger]:
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
        found = list(_promised(document, head, counted)) if "object" in roles else []
        found = found or (list(pick(document, head, roles, counted, dep)) if roles else [])
        if found:
            yield from found
            yield from find_joined(document, head, found[0], counted)
            return
        if dep == "nsubj" and document.lemmas[head] in ("be", "become", "lie", "remain", "go"):
            found = list(find_complement(document, head, counted))
            if found:
                yield from found
                return
        if dep in (*SUBJECTS, "dobj"):
            found = list(_predicate(document, head, node, counted))
            yield from found
            if not found and document.pos[head] in ("VERB", "AUX"):
                yield from _shared(document, head, dep, counted)
            return
        if dep == "pobj":
            noun = document.heads[head]
            prep = document.lowers[head]
            if document.pos[noun] == "ADP":
                # "from 40 to 52": the second preposition hangs on the first
                noun = document.heads[noun]
            if prep in ("of", "to", "at", "by", "from", "for"):
                found = list(pick(document, noun, ("of",), counted, "noun"))
                if prep == "of" and found:
                    yield from found
                    return
                toll = list(find_toll(document, noun, counted))
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
                found = list(pick(document, head, ("self", "object", "is"), counted, "noun"))
                if found:
                    yield from found
                    return
            node = head
            continue
        if dep == "ccomp" and document.pos[node] in ("NOUN", "NUM"):
            return
        return


def _promised(document: Document, verb: int, counted: Counted) -> Iterator[Trigger]:
    """The verb above an infinitive that tells more than it: "promised to pay 5 million euros"."""
    if document.deps[verb] == "xcomp":
        yield from pick(document, document.heads[verb], ("deep",), counted, "deep")


def _subject_roles(document: Document, verb: int) -> tuple[str, ...]:
    """What a subject is to `verb`: of a participle without auxiliary it suffers."""
    below = document.children(verb)
    if document.tags[verb] == "VBN" and not any(document.deps[c] == "aux" for c in below):
        return ("subject", "object", "is")
    if (
        document.deps[verb] == "conj"
        and not any(document.deps[c] in ("dobj", "aux") for c in below)
        and voice_of(document, document.heads[verb]) == ("object",)
    ):
        # "14 were killed and 22 wounded"
        return ("subject", "object")
    if document.pos[verb] == "ADJ":
        return ("is",)
    if document.tags[verb] == "VBG":
        return ("subject", "is")
    return ("subject",)


def find_joined(
    document: Document, head: int, first: Trigger, counted: Counted
) -> Iterator[Trigger]:
    """Verbs joined with the trigger that share the counted noun: "were killed or wounded"."""
    for other in joined_with(document, head):
        below = document.children(other)
        if any(document.deps[c] in ("nsubj", "nsubjpass", "dobj") for c in below):
            continue
        found = list(pick(document, other, (first.word.role, "is"), counted, "joined"))
        if not found and first.word.role in ("object", "subject"):
            found = list(pick(document, other, voice_of(document, other), counted, "joined"))
        for trigger in found:
            if trigger.word.happening != first.word.happening:
                yield trigger


def _shared(document: Document, head: int, dep: str, counted: Counted) -> Iterator[Trigger]:
    """A verb joined with `head` that shares its subject: "were shot and died"."""
    if dep not in SUBJECTS:
        return
    for other in joined_with(document, head):
        below = document.children(other)
        if any(document.deps[c] in SUBJECTS for c in below):
            continue
        roles = voice_of(document, other)
        if dep == "nsubjpass" and document.tags[other] == "VBN":
            roles = ("object", "is")
        yield from pick(document, other, roles, counted, "joined")


def find_complement(document: Document, verb: int, counted: Counted) -> Iterator[Trigger]:
    """The adjective, participle or noun that `be` says of the counted noun."""
    for child in document.children(verb):
        if document.deps[child] in ("acomp", "attr", "oprd", "prep", "advcl", "xcomp"):
            found = list(pick(document, child, ("is",), counted, "complement"))
            if not found and child > counted.head:
                found = list(pick(document, child, ("object",), counted, "complement"))
                found = [t for t in found if document.tags[t.token] in ("VBN", "JJ")]
            for trigger in found:
                yield trigger
                for other in joined_with(document, child):
                    yield from pick(document, other, ("is",), counted, "joined")
                return
            if document.pos[child] == "ADP":
                for below in document.children(child):
                    # "were among the dead"
                    if document.lowers[child] in ("among", "amongst"):
                        yield from pick(document, below, ("of",), counted, "among")


def _predicate(document: Document, verb: int, node: int, counted: Counted) -> Iterator[Trigger]:
    """The adjective that `verb` leaves or finds the counted noun with: "left nine people dead"."""
    for child in document.children(verb):
        if child > node and document.deps[child] in ("oprd", "acomp", "ccomp", "xcomp", "advmod"):
            found = list(pick(document, child, ("is",), counted, "predicate"))
            if not found and document.tags[child] == "VBN":
                found = list(pick(document, child, ("object",), counted, "predicate"))
            if not found and document.deps[child] == "xcomp":
                found = list(pick(document, child, ("object",), counted, "predicate"))
                passive = any(document.deps[c] == "auxpass" for c in document.children(child))
                if found and not passive:
                    found = []
                if not found and not passive:
                    found = list(pick(document, child, ("subject",), counted, "predicate"))
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
                found = list(pick(document, token, ("of", "self", "toll"), counted, "subject"))
                if found:
                    yield found[0]
                    return
