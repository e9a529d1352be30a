"""How whoever asserts a happening stands to it: assert, deny, confirm or hedge."""

from __future__ import annotations

from transforms.claims.clause import clauses_of
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
