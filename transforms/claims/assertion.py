"""Who asserts a happening, and how the asserter stands to it."""

from __future__ import annotations

from typing import Any

from transforms.claims.clause import clauses_of
from transforms.claims.rows import is_unowned
from transforms.claims.scene import Scene
from transforms.language.document import Document
from warehouse.tables import Quote

_WILL = frozenset(("will", "would", "shall", "should", "wo", "'ll", "’ll", "'d"))
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
