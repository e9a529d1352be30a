"""Who asserts a happening, and how the asserter stands to it."""

from __future__ import annotations

from typing import Any

from transforms.claims.clause import clauses_of
from transforms.claims.rows import is_unowned
from transforms.claims.scene import Scene
from transforms.language.document import Document
from warehouse.tables import Quote

_HEDGES = frozenset(
    [
        "reportedly",
        "allegedly",
        "apparently",
        "possibly",
        "perhaps",
        "maybe",
        "presumably",
        "supposedly",
        "purportedly",
        "potentially",
        "probably",
        "likely",
    ]
)
_MIGHT = frozenset(("may", "might", "could", "can"))
_WILL = frozenset(("will", "would", "shall", "should", "wo", "'ll", "’ll", "'d"))
_BELIEF = frozenset(
    [
        "believe",
        "fear",
        "suspect",
        "think",
        "presume",
        "expect",
        "assume",
        "suppose",
        "estimate",
        "likely",
        "feel",
    ]
)
_SURE = frozenset(("confirm", "verify", "corroborate"))
_AHEAD = frozenset(
    [
        "plan",
        "intend",
        "expect",
        "promise",
        "pledge",
        "vow",
        "order",
        "want",
        "ask",
        "urge",
        "demand",
        "call",
        "decide",
        "threaten",
        "offer",
        "agree",
        "vote",
        "prepare",
        "propose",
        "hope",
        "seek",
        "request",
        "schedule",
        "due",
        "set",
        "refuse",
        "aim",
        "authorise",
        "authorize",
        "need",
    ]
)
_CONDITION = frozenset(("if", "unless", "whether", "until", "before"))


ASSERTER = (
    "asserter_surface", "asserter_start", "asserter_end", "asserter_name", "asserter_entity_id",
    "quote_id",
)  # fmt: skip
"""The columns of a speaker, null where the outlet asserts."""


def asserter_of(scene: Scene, quote: Quote | None) -> dict[str, Any]:
    """The columns that say who asserts it; the outlet where nobody is quoted.

    "The dam is believed to leak" names nobody who believes it: the outlet says so.
    """
    if quote is None or is_unowned(quote):
        return {"asserter_type": "outlet"}
    return {
        "asserter_type": quote.speaker_type,
        "asserter_surface": quote.speaker_surface,
        "asserter_start": quote.speaker_start,
        "asserter_end": quote.speaker_end,
        "asserter_name": quote.speaker_name,
        "asserter_entity_id": quote.speaker_entity_id,
        "quote_id": scene.quote_key(quote),
    }


def is_planned(document: Document, verb: int, quote: Quote | None) -> bool:
    """Whether the happening lies ahead: "will", "to be", below "promised" or "ordered"."""
    head = document.heads[verb]
    own = {document.lowers[c] for c in document.children(verb) if document.deps[c] == "aux"}
    if "to" in own and (
        (document.deps[verb] == "xcomp" and document.lemmas[head] == "be")
        or document.lemmas[head].lower() in _AHEAD
    ):
        return True
    for token in clauses_of(document, verb):
        below = document.children(token)
        aux = {document.lowers[c] for c in below if document.deps[c] in ("aux", "auxpass")}
        if aux & _WILL:
            return not aux & {"have", "'ve"}
        if aux - {"to"}:
            return False
        if document.tags[token] in ("VBD", "VBN", "VBZ") and document.deps[token] not in (
            "xcomp",
            "conj",
        ):
            break
    if document.pos[verb] == "NOUN":
        while document.pos[head] not in ("VERB", "AUX") and document.heads[head] != head:
            head = document.heads[head]
        return document.lemmas[head].lower() in _AHEAD
    asked = quote is not None and quote.cue_class in ("demand", "promise", "want")
    return asked and document.tags[verb] in ("VB", "VBP", "VBG")


def is_condition(document: Document, verb: int) -> bool:
    """Whether the clause is or follows a condition, or asks whether, and so asserts nothing."""
    for token in clauses_of(document, verb):
        for child in document.children(token):
            if document.deps[child] == "advcl" and any(
                document.deps[c] == "mark" and document.lowers[c] in ("if", "unless")
                for c in document.children(child)
            ):
                return True
            if document.deps[child] in ("mark", "advmod") and document.lowers[child] in _CONDITION:
                return True
    return False


def stance_of(document: Document, verb: int, quote: Quote | None, negated: bool) -> str:
    """The stance of whoever asserts it: what the clause says, then what the cue does."""
    hedged = any(_hedged(document, token) for token in clauses_of(document, verb))
    hedged = hedged or _believed(document, verb)
    if quote is not None and quote.cue_start is not None:
        cue = document.token_at(quote.cue_start)
        doubted = any(document.deps[c] == "neg" for c in document.children(cue))
        if quote.cue_class == "deny":
            return "assert" if doubted else "deny"
        if document.lemmas[cue].lower() in _SURE:
            return "hedge" if doubted else "confirm"
        if negated:
            return "deny"
        if quote.cue_class in ("think", "appear") or hedged:
            return "hedge"
        return "confirm" if quote.cue_class == "confirm" else "assert"
    if negated:
        return "deny"
    return "hedge" if hedged else "assert"


def is_negated(document: Document, verb: int) -> bool:
    """Whether the clause denies its verb: "did not kill"."""
    return any(
        document.deps[c] == "neg" and document.lowers[c] != "no" for c in document.children(verb)
    )


def _hedged(document: Document, token: int) -> bool:
    for child in document.children(token):
        word = document.lowers[child]
        if word in _HEDGES and document.deps[child] in ("advmod", "amod", "acomp"):
            return True
        if word in _MIGHT and document.deps[child] == "aux":
            return True
    return False


def _believed(document: Document, verb: int) -> bool:
    """Whether the clause hangs on a belief: "is believed to have", "are feared dead"."""
    if (
        any(document.deps[c] in ("oprd", "acomp", "xcomp") for c in document.children(verb))
        and document.lemmas[verb].lower() in _BELIEF
    ):
        return True
    token = verb
    for _ in range(3):
        head, dep = document.heads[token], document.deps[token]
        if head == token or dep not in ("xcomp", "ccomp", "oprd", "acomp", "conj"):
            return False
        if document.lemmas[head].lower() in _BELIEF:
            return True
        token = head
    return False
