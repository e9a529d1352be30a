"""The place of a clause: a mention that a word for "in" or "near" leads to."""

from __future__ import annotations

from transforms.claims.lexicon import load_nouns
from transforms.claims.scene import Scene
from warehouse.tables import Mention

_LOCATIVE = frozenset(
    [
        "in",
        "at",
        "near",
        "on",
        "off",
        "outside",
        "inside",
        "across",
        "around",
        "along",
        "throughout",
        "over",
        "between",
        "within",
        "into",
        "from",
        "to",
    ]
)
_TOWARDS = frozenset(("into", "to"))
_MOVES = frozenset(("deployed", "deported", "visited", "withdrawn", "evacuated"))
_STRUCK = frozenset(
    ("strike", "hit", "rock", "shake", "batter", "devastate", "sweep", "ravage", "pound", "lash")
)


def find_place(scene: Scene, start: int, end: int, happening: str) -> Mention | None:
    """The first place in [start, end) that a word for "in" or "near" leads to."""
    document = scene.document
    for low, high, mention in scene.places(start, end):
        token = document.token_at(high - 1)
        while document.heads[token] != token and document.starts[document.heads[token]] in range(
            low, high
        ):
            token = document.heads[token]
        if document.deps[token] == "amod":
            # "the Ecuadorian town": the town is the place
            continue
        for _ in range(6):
            head = document.heads[token]
            if head == token:
                break
            if document.pos[head] in ("VERB", "AUX"):
                if document.deps[token] == "dobj" and document.lemmas[head] in _STRUCK:
                    return mention
                break
            word = document.lowers[head]
            if document.pos[head] == "ADP" and word in _LOCATIVE:
                if word in _TOWARDS and happening not in _MOVES:
                    break
                if word == "from" and happening not in _MOVES | {"kidnapped", "released"}:
                    break
                return mention
            owned = document.deps[token] == "poss"
            if owned and document.lemmas[head].lower() in load_nouns("areas"):
                # "in Kabul's western district"; but "in Sudan's Darfur region" is in Darfur
                between = scene.mentions(mention.end, document.starts[head])
                if any(m.type == "PLACE" for m in between):
                    break
                token = head
                continue
            if owned or document.deps[token] in ("nsubj", "dobj", "nsubjpass"):
                break
            token = head
    return None


def find_place_above(scene: Scene, verb: int) -> Mention | None:
    """The place that a clause with "where" describes: "in Arequipa, where no one was hurt"."""
    document = scene.document
    if document.deps[verb] != "relcl" or not any(
        document.lowers[c] == "where" for c in document.children(verb)
    ):
        return None
    head = document.heads[verb]
    found = scene.mentions(document.starts[head], document.ends[head])
    return next((m for m in found if m.type == "PLACE"), None)
