"""The columns that say how many of what."""

from __future__ import annotations

from typing import Any

from transforms.claims.lexicon import class_of
from transforms.claims.reading import Counted, Trigger
from transforms.claims.scene import Scene
from transforms.language.document import Document
from transforms.quotes.attribute import span_of
from transforms.quotes.speaker import load_tallies
from warehouse.tables import Quantity


def number_columns(
    scene: Scene, quantity: Quantity, counted: Counted, tallied: int | None = None
) -> dict[str, Any]:
    """The columns that say how many of what."""
    document = scene.document
    first, last = span_of(document, counted.head)
    inside = scene.mentions(document.starts[first], document.ends[last - 1])
    side = next((m for m in inside if m.type in ("GROUP", "PLACE", "ORG")), None)
    noun = quantity.concept if quantity.kind != "money" else None
    if noun is None and quantity.kind != "money" and document.pos[counted.head] == "NOUN":
        noun = document.words[counted.head]
    name = counted.name
    if tallied is not None:
        noun = document.words[tallied]
    elif (noun or "").lower() in load_tallies():
        # "put the toll at 24" counts no tolls
        noun = None
    told = _predicate_noun(document, counted.head)
    if told is not None:
        noun, name = document.words[told], class_of(document.lemmas[told])[0]
    return {
        "quantity_id": None if quantity.rule == "absent" else scene.key("quantities", quantity),
        "value": quantity.value if quantity.value_to is None else quantity.value_to,
        "value_low": quantity.value_low if quantity.value_to is None else None,
        "value_high": quantity.value_high if quantity.value_to is None else None,
        "value_before": quantity.value_from,
        "modifier": quantity.modifier,
        "unit": quantity.unit,
        "counted": noun,
        "counted_class": name,
        "counted_side": side.canonical_name if side else None,
    }


def _predicate_noun(document: Document, head: int) -> int | None:
    """The noun that a number is said to be: "nine of the dead are children"."""
    verb = document.heads[head]
    if document.deps[head] != "nsubj" or document.lemmas[verb] != "be":
        return None
    for child in document.children(verb):
        known = class_of(document.lemmas[child])[0] is not None
        if document.deps[child] == "attr" and document.pos[child] == "NOUN" and known:
            return child
    return None


def as_tallied(document: Document, counted: Counted, trigger: Trigger) -> Counted:
    """What is counted, as what a tally is of: of people where it names none ("of dead")."""
    if trigger.tallied is not None:
        name, kind = class_of(document.lemmas[trigger.tallied])
        return counted._replace(name=name, kind=kind)
    told = trigger.rule == "toll" and counted.name is None
    return counted._replace(name="person", kind="person") if told else counted
