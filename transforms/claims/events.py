"""Events: what somebody did to whom, told without a count."""

from __future__ import annotations

from transforms.claims.assertion import (
    asserter_of,
    is_condition,
    is_negated,
    is_planned,
    stance_of,
)
from transforms.claims.lexicon import Word, class_of, load_happenings
from transforms.claims.party import find_actor, find_object, is_passive, to_party
from transforms.claims.rows import limits, party_columns, type_of_event
from transforms.claims.scene import Scene
from transforms.claims.setting import find_setting, interval_of
from transforms.claims.trigger import Counted, fits, readings_of
from transforms.language.document import Document
from warehouse.tables import Event

_TOWARDS = {
    "agreed": ("with",),
    "met": ("with",),
    "visited": ("to", "in"),
    "demanded": ("on",),
    "protested": (),
}
_UNNAMED = frozenset(("this", "that", "it", "which", "what"))


def find_events(scene: Scene) -> list[Event]:
    """The events of a text in order of position."""
    document = scene.document
    happenings = load_happenings()
    found = []
    for token, pos in enumerate(document.pos):
        if pos != "VERB" or document.deps[token] == "amod":
            continue
        for word in readings_of(document, token):
            if not happenings[word.happening].event:
                continue
            event = _to_event(scene, token, word)
            if event is not None:
                found.append(event)
                break
    return found


def _to_event(scene: Scene, verb: int, word: Word) -> Event | None:
    """The event that `word` tells at `verb`; null where a party is missing or nothing is told."""
    document = scene.document
    if is_negated(document, verb) or is_condition(document, verb):
        return None
    actor = find_actor(document, verb)
    target = _target(document, verb, word)
    if word.role == "object":
        if target is None or not _suffers(document, word, verb, target):
            return None
        if actor is None and not is_passive(document, verb):
            return None
    elif actor is None or (word.needs and not _has(document, verb, word.needs)):
        return None
    if actor == target:
        actor = None
    start, end = document.starts[verb], document.ends[verb]
    quote = scene.quote_around(start, end)
    setting = find_setting(scene, verb, (), word.happening, limits(document, start, quote))
    who = to_party(scene, actor, quote) if actor is not None else None
    whom = to_party(scene, target, quote) if target is not None else None
    place = setting.place
    if word.happening == "visited":
        # one visits places, people and bodies; "arrived in time" is no visit
        if whom is None or whom.mention_id is None:
            return None
        named = [m for m in scene.mentions(whom.start, whom.end) if m.type == "PLACE"]
        place = named[0] if named else place
    return Event(
        start=start,
        end=end,
        rule=f"{word.happening}.{word.role}",
        happening=word.happening,
        event_type=type_of_event(document, word.happening, who),
        trigger_start=start,
        trigger_end=end,
        **party_columns("actor", scene, who),
        **party_columns("target", scene, whom),
        place_mention_id=scene.key("mentions", place) if place else None,
        **interval_of(scene, setting.time),
        **asserter_of(scene, quote),
        stance=stance_of(document, verb, quote, False),
        planned=is_planned(document, verb, quote),
    )


def _target(document: Document, verb: int, word: Word) -> int | None:
    """The head token of whom the event is done to."""
    if word.role == "object" or word.happening == "met":
        target = find_object(document, verb)
        if target is not None:
            return None if document.lowers[target] in _UNNAMED else target
    for child in document.children(verb):
        if document.deps[child] == "prep" and document.lowers[child] in _TOWARDS.get(
            word.happening, ()
        ):
            return next(iter(document.children(child)), None)
    return None


def _suffers(document: Document, word: Word, verb: int, target: int) -> bool:
    """Whether the happening can be told of the target."""
    name, kind = class_of(document.lemmas[target])
    if document.pos[target] in ("PROPN", "PRON", "NUM"):
        kind = "person"
    return fits(document, word, verb, Counted(target, target, target, name, kind))


def _has(document: Document, verb: int, needed: str) -> bool:
    return any(document.lowers[c] == needed for c in document.children(verb))
