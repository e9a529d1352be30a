"""Events: what somebody did to whom, told without a count."""

from __future__ import annotations

from typing import Any

from transforms.claims.assertion import asserter_of, is_condition, is_planned
from transforms.claims.content import find_content
from transforms.claims.lexicon import Word, class_of, load_happenings
from transforms.claims.party import find_actor, find_object, is_passive, to_party
from transforms.claims.reading import readings_of
from transforms.claims.rows import limits, party_columns, type_of_event
from transforms.claims.scene import Scene
from transforms.claims.sense import can_do, can_suffer, has_child, is_told
from transforms.claims.setting import find_setting, interval_of, place_columns
from transforms.claims.stance import is_negated, stance_of
from transforms.language.document import Document
from warehouse.tables import Event

_TOWARDS = {
    "agreed": ("with",),
    "met": ("with",),
    "visited": ("to", "in"),
    "demanded": ("on",),
    "protested": (),
}
_UNNAMED = frozenset(("this", "that", "it", "which", "what", "some", "more", "one"))


def find_events(scene: Scene) -> list[Event]:
    """The events of a text in order of position."""
    document = scene.document
    happenings = load_happenings()
    found = []
    for token, pos in enumerate(document.pos):
        if pos != "VERB" or document.deps[token] == "amod":
            continue
        for word in readings_of(document, token):
            if not happenings[word.happening].event or word.counting:
                continue
            if word.role not in ("object", "subject"):
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
    if not is_told(document, verb, word):
        return None
    actor = find_actor(document, verb)
    target = _target(document, verb, word)
    if word.role == "object":
        if target is None or not can_suffer(document, word, verb, target):
            return None
        if actor is None and not is_passive(document, verb):
            return None
    elif actor is None or (word.needs and not has_child(document, verb, word.needs)):
        return None
    if actor == target:
        actor = None
    if target is not None and scene.times(document.starts[target], document.ends[target]):
        # "called on Wednesday for calm" is called on nobody
        if word.needs in ("on", "in", "to"):
            return None
        target = None
    start, end = document.starts[verb], document.ends[verb]
    quote = scene.quote_around(start, end)
    setting = find_setting(scene, verb, (), word.happening, limits(document, start, quote))
    who = to_party(scene, actor, quote) if actor is not None else None
    whom = to_party(scene, target, quote) if target is not None else None
    place = setting.place
    if not can_do(document, document.lemmas[verb].lower(), word.happening, who, whom):
        return None
    if word.happening == "visited":
        # one visits places, people and bodies; "arrived in time" is no visit
        if whom is None:
            return None
        named = [m for m in scene.mentions(whom.start, whom.end) if m.type == "PLACE"]
        if whom.mention_id is None and not named:
            return None
        place = named[0] if named else place
    return Event(
        start=start,
        end=end,
        rule=f"{word.happening}.{word.role}",
        happening=word.happening,
        event_type=type_of_event(document, word.happening, who, _class(document, target)),
        trigger_start=start,
        trigger_end=end,
        **party_columns("actor", scene, who),
        **party_columns("target", scene, whom),
        **place_columns(scene, place),
        **interval_of(scene, setting.time),
        **_content_columns(document, find_content(document, verb, word.happening)),
        **asserter_of(scene, quote),
        stance=stance_of(document, verb, quote, False),
        planned=is_planned(document, verb, quote),
    )


def _content_columns(document: Document, content: tuple[int, int] | None) -> dict[str, Any]:
    """The columns that say what the event is about."""
    if content is None:
        return {}
    start, end = document.starts[content[0]], document.ends[content[1] - 1]
    return {
        "content_surface": document.text[start:end],
        "content_start": start,
        "content_end": end,
    }


def _target(document: Document, verb: int, word: Word) -> int | None:
    """The head token of whom the event is done to."""
    if word.role == "object" or word.happening in ("met", "threatened"):
        target = find_object(document, verb)
        if word.happening == "threatened" and is_passive(document, verb):
            target = None
        if target is not None:
            return None if document.lowers[target] in _UNNAMED else target
    for child in document.children(verb):
        if document.deps[child] == "prep" and document.lowers[child] in _TOWARDS.get(
            word.happening, ()
        ):
            return next(iter(document.children(child)), None)
    return None


def _class(document: Document, target: int | None) -> str | None:
    """The class of the target."""
    return None if target is None else class_of(document.lemmas[target])[0]
