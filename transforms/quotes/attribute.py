"""Who said it: the speaker of a cue, and the entity a speaker stands for."""

from __future__ import annotations

from collections.abc import Callable

from transforms.language.document import Document

_SUBJECTS = frozenset(("nsubj", "csubj", "nsubjpass"))
_CUT = frozenset(("relcl", "acl", "advcl", "punct", "ccomp"))
_LONGEST = 30


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
