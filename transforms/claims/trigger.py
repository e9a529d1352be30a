"""Which word tells what happened to a counted noun."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.claims.governor import find_complement, find_governors, find_joined
from transforms.claims.lexicon import is_state
from transforms.claims.reading import Counted, Trigger, pick
from transforms.language.document import Document

_NEAR = 3
_SKIPPED = frozenset(("ADV", "AUX", "DET", "PRON"))


def find_triggers(document: Document, counted: Counted) -> list[Trigger]:
    """The words that say what happened to `counted`: one, or more where verbs are joined."""
    for candidates in (
        find_governors(document, counted),
        _own(document, counted),
        _after(document, counted),
    ):
        found = list(candidates)
        if found:
            return found
    return []


def _own(document: Document, counted: Counted) -> Iterator[Trigger]:
    """Triggers in or below the counted noun: "three deaths", "29 wounded soldiers"."""
    for token in (counted.head, counted.last):
        # "leaving 16 missing": what is counted is told by the word itself
        torn = document.tags[token] in ("VBN", "VBG", "JJ") or is_state(document.lowers[token])
        roles: tuple[str, ...] = ("self", "is", "object") if torn else ("self",)
        found = list(pick(document, token, roles, counted, "self"))
        if found:
            yield from found
            return
    for child in document.children(counted.head):
        dep = document.deps[child]
        if dep in ("amod", "acl", "relcl", "advcl", "appos"):
            roles = ("is",)
            if dep in ("amod", "acl") and document.tags[child] == "VBN":
                roles = ("is", "object")
            elif dep == "relcl":
                roles = _relative_roles(document, child)
            found = list(pick(document, child, roles, counted, dep))
            if not found and dep == "relcl":
                found = list(find_complement(document, child, counted))
            if found:
                yield from found
                yield from find_joined(document, found[0].token, found[0], counted)
                return
        if dep == "prep" and document.lowers[child] == "of":
            for below in document.children(child):
                found = list(pick(document, below, ("of",), counted, "of"))
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
    yield from pick(document, token, ("object", "is"), counted, "after")
