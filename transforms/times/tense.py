"""The direction in which the verb that governs a word looks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from transforms.language.document import Document
from transforms.times.lexicon import DATA, load_words

_FUTURE = frozenset({"will", "'ll", "’ll", "shall", "wo", "would"})
_MODAL = frozenset({"could", "may", "might", "can", "should", "must", "ca"})
_ATTRIBUTES = frozenset({"compound", "nmod", "nummod", "amod", "poss"})
_LINKS = frozenset({"IN", "TO", "CD"})
_CAUSES = frozenset({"because", "since", "following"})
_CONDITIONS = frozenset({"if", "unless", "once", "until", "before", "after"})
_DURING = frozenset({"at", "during", "in", "before", "for", "by", "on"})
_NEAR = 4
_TOLD = frozenset({"in", "until"})
_LATEST = (("as", "soon", "as"), ("as", "early", "as"), ("no", "later", "than"), ("ahead", "of"))


@cache
def load_verbs() -> dict[str, frozenset[str]]:
    """Lemmas by what they say of a day: ahead, arrange, intend, purpose, likely, occur, put_off."""
    verbs: dict[str, frozenset[str]] = {}
    for line in (DATA / "verbs.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, lemmas = line.split("\t")
            verbs[kind] = verbs.get(kind, frozenset()) | frozenset(lemmas.split())
    return verbs


def find_tense(document: Document, start: int, end: int = 0) -> int:
    """-1 past, 1 future, 0 neither, of the nearest verb above the words from `start` to `end`.

    -2 is a past told of the very time: "it opened in May", and not "it approved a vote in May".
    """
    if not document.words:
        return 0
    token = document.token_at(start)
    words = document.lowers[max(0, token - 4) : token]
    words = words[:-1] if words[-1:] == ["the"] else words[-3:]
    if any(tuple(words[-len(cue) :]) == cue for cue in _LATEST):
        return 1
    if words[-1:] == ["since"]:
        return -2
    until = words[-1:] in (["until"], ["till"])
    through = words[-1:] in (["through"], ["thru"])
    while start < document.starts[document.heads[token]] < end:
        token = document.heads[token]
    named = document.deps[token] in _ATTRIBUTES and document.deps[token] != "poss"
    if document.deps[token] in _ATTRIBUTES and _class_of(document, token) == "W":
        # "Wednesday's ruling", whatever is to come of it; but "will air during Sunday's final",
        # "it is to report before the Sunday deadline"
        preposition = document.heads[document.heads[token]]
        if document.lowers[preposition] not in _DURING:
            return 0 if named else -1
        return 1 if _governing(document, preposition) > 0 else 0 if named else -1
    if document.deps[token] in _ATTRIBUTES and not _class_of(document, document.heads[token]):
        return 0  # "the Nov. 8 election": what is told of it says nothing of its day
    return _governing(document, token, until=until, through=through)


def _governing(
    document: Document, token: int, *, until: bool = False, through: bool = False
) -> int:
    """The tense of the nearest token from this one upwards that decides it."""
    direct, below = True, token
    for step in range(10):
        if (until or through) and document.lemmas[token] in load_verbs()["put_off"]:
            return 1
        tense = _tense_of(document, token, direct=direct)
        if tense is not None:
            # far behind its verb, "in May" belongs to a noun as often
            told = tense < 0 and direct and step > 1 and document.lowers[below] in _TOLD
            told = told and below - token <= _NEAR
            return -2 if told else 1 if until and tense == 0 else tense
        if document.lowers[token] in _CAUSES:
            return -1
        direct = direct and (not step or document.tags[token] in _LINKS)
        head = document.heads[token]
        if head == token:
            break
        below, token = token, head
    return 1 if until else 0


def _tense_of(document: Document, token: int, *, direct: bool) -> int | None:
    """The tense that this token decides; null where its head must be asked.

    `direct` says that only prepositions stand between it and the day.
    """
    tag, lemma, verbs = document.tags[token], document.lemmas[token], load_verbs()
    below = document.children(token)
    if lemma in verbs["ahead"] and (tag != "VBD" or lemma in verbs["arrange"]):
        if lemma == "set" and any(document.lowers[c] in ("on", "in") for c in below):
            return None if tag == "VBN" else -1  # "the record set on Aug. 6"
        if any(document.lowers[c] == "previously" for c in below):
            return -1
        over = any(document.lowers[c] == "had" for c in _verbs_around(document, token))
        return -1 if over else 1
    if not tag.startswith("VB"):
        return None
    modals = [document.lowers[c] for c in below if document.tags[c] == "MD"]
    if "would" in modals and any(document.lowers[c] == "have" for c in below):
        return -1  # "that would have been Friday"
    if any(document.lowers[child] in _FUTURE for child in below):
        return 1
    if tag == "VB":
        if any(modal in _MODAL for modal in modals):
            perfect = any(document.lowers[c] == "have" for c in below)
            return -1 if perfect else 1
        if any(document.tags[c] == "TO" for c in below) and _is_intended(document, token):
            return 1
    if tag == "VBG" and _is_after(document, token):
        return -1
    if tag == "VBD" or any(document.tags[child] == "VBD" for child in below):
        return -1
    if tag == "VBN":
        helpers = [c for c in below if document.deps[c].startswith("aux")]
        # "the ruling issued Thursday", "it has closed"; but "it is closed on Fridays".
        if not helpers or any(document.lemmas[c] == "have" for c in helpers):
            return -1
    if tag in ("VBZ", "VBP"):
        if any(document.lowers[c] in _CONDITIONS for c in below):
            return 1  # "if he wins Monday"
        if direct and lemma == "have" and _is_arranged(document, below):
            return 1  # "on Friday, she has a speech scheduled"
        return 1 if direct and lemma in verbs["occur"] else 0
    if direct and tag == "VBG" and any(document.tags[c] in ("VBZ", "VBP") for c in below):
        return 1  # "she is speaking Thursday"
    return None


def _is_arranged(document: Document, words: Sequence[int]) -> bool:
    """Whether one of the words, or one right below them, says that something is scheduled."""
    near = [*words, *(c for word in words for c in document.children(word))]
    return any(document.lemmas[word] in load_verbs()["arrange"] for word in near)


def _class_of(document: Document, token: int) -> str:
    """The word class of a token in the grammar of times; empty if it has none."""
    return load_words()[0].get(document.lowers[token], ("", ""))[0]


def _is_after(document: Document, token: int) -> bool:
    """Whether a gerund follows "since" or "after": "since announcing in October"."""
    around = [document.heads[token], *document.children(token)]
    return any(document.lowers[other] in ("since", "after") for other in around)


def _is_intended(document: Document, token: int) -> bool:
    """Whether an infinitive is what someone plans, wants or agrees to do."""
    head, verbs = document.heads[token], load_verbs()
    if (
        head == token
        or document.lemmas[head] not in verbs["intend"] | verbs["likely"] | verbs["purpose"]
    ):
        return False
    if document.lemmas[head] in ("have", "be") and document.tags[head] == "VBD":
        return False  # "she had yet to speak", "they were to meet"
    return not any(document.lowers[c] == "had" for c in _verbs_around(document, head))


def _verbs_around(document: Document, token: int) -> list[int]:
    """Helpers of a word, and its head with its helpers where it is "due" or "set" to something."""
    around = list(document.children(token))
    head = document.heads[token]
    if document.lemmas[head] == "be":
        around += document.children(head)
    return around
