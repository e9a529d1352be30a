"""Columns that claims and events share."""

from __future__ import annotations

from typing import Any

from transforms.article.dateline import find_dateline
from transforms.claims.lexicon import class_of, load_attacks, load_happenings
from transforms.claims.party import Party
from transforms.claims.scene import Scene
from transforms.language.document import Document
from transforms.quotes.speaker import load_bodies
from warehouse.tables import Quote


def limits(document: Document, start: int, quote: Quote | None) -> tuple[int, int]:
    """Code points in which place and time may stand: the quote, else the sentence.

    The dateline at the head of a text says where and when it was written, not what happened.
    """
    first, last = document.sentences[document.sentence_of(start)]
    low, high = document.starts[first], document.ends[last - 1]
    low = max(low, len(find_dateline(document.text) or ""))
    if quote is None or is_unowned(quote):
        return low, high
    return max(low, quote.start), min(high, quote.end)


def is_unowned(quote: Quote) -> bool:
    """Whether a quote is the outlet's own account of what nobody named says: "is believed to"."""
    return quote.speaker_start is None and quote.quote_type == "indirect"


def type_of_event(
    document: Document, happening: str, actor: Party | None, whom: str | None
) -> str | None:
    """The PLOVER type; an assault needs somebody who acts, as no storm or illness does.

    `whom` is the class of those it is done to: sending doctors is aid, sending force is not.
    """
    known = load_happenings()[happening]
    if happening == "deployed" and whom == "worker":
        return "AID"
    if not known.by_actor:
        return known.event_type
    if actor is None:
        return None
    lemma = document.lemmas[actor.token].lower()
    acts = (
        actor.mention_id is not None
        or actor.name is not None
        or document.pos[actor.token] == "PRON"
        or class_of(lemma)[1] == "person"
        or lemma in load_bodies()
        or lemma in load_attacks()
    )
    return known.event_type if acts else None


def party_columns(role: str, scene: Scene, party: Party | None) -> dict[str, Any]:
    """The columns of an actor or target."""
    if party is None:
        return {}
    return {
        f"{role}_surface": scene.document.text[party.start : party.end],
        f"{role}_start": party.start,
        f"{role}_end": party.end,
        f"{role}_mention_id": party.mention_id,
        f"{role}_name": party.name,
        f"{role}_entity_id": party.entity_id,
    }
