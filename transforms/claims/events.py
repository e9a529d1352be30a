"""Events: what somebody did to whom, told without a count."""

from __future__ import annotations

from typing import Any

from transforms.claims.assertion import (
    asserter_of,
    is_condition,
    is_negated,
    is_planned,
    stance_of,
)
from transforms.claims.content import find_content
from transforms.claims.lexicon import Word, class_of, load_attacks, load_happenings, load_nouns
from transforms.claims.party import Party, find_actor, find_object, is_passive, to_party
from transforms.claims.reading import Counted, fits, readings_of
from transforms.claims.rows import limits, party_columns, type_of_event
from transforms.claims.scene import Scene
from transforms.claims.setting import find_setting, interval_of, place_columns
from transforms.language.document import Document
from transforms.quotes.speaker import load_bodies
from warehouse.tables import Event

_TOWARDS = {
    "agreed": ("with",),
    "met": ("with",),
    "visited": ("to", "in"),
    "demanded": ("on",),
    "protested": (),
}
_UNNAMED = frozenset(("this", "that", "it", "which", "what", "some", "more", "one"))
_PERSONAL = frozenset(("him", "her", "them", "he", "she", "they", "us", "me", "we", "i"))
_ASKS = frozenset(("ask", "order", "request"))
_STRIKES = frozenset(("hit", "strike"))
_ARMED = frozenset(("soldier", "militant", "police", "weapon"))
_THINGS = frozenset(("captured", "attacked"))
_COMPLEMENTS = {
    "agreed": ("to", "on", "with"),
    "threatened": ("with",),
}
"""Prepositions with which, or with an infinitive, a verb tells its event: "agreed to meet"."""


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
    if not _tells(document, verb, word):
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
    if not _between(document, document.lemmas[verb].lower(), word.happening, who, whom):
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


def _suffers(document: Document, word: Word, verb: int, target: int) -> bool:
    """Whether the happening can be told of the target."""
    name, kind = class_of(document.lemmas[target])
    if document.pos[target] == "PRON":
        if word.happening == "deployed" or document.lowers[target] not in _PERSONAL | {"all"}:
            return False
        kind = "person"
    if document.pos[target] in ("PROPN", "NUM"):
        kind = "person"
    if word.happening == "signed":
        return document.lemmas[target] in load_nouns("agreements")
    if word.happening == "rejected":
        return document.lemmas[target] in load_nouns("refused")
    return fits(document, word, verb, Counted(target, target, target, name, kind))


def _tells(document: Document, verb: int, word: Word) -> bool:
    """Whether the verb has the complement with which it tells its event."""
    below, happening = document.children(verb), word.happening
    if happening == "demanded" and document.lemmas[verb].lower() in _ASKS:
        # "asked him to leave", "asked for a loan"; not "asked a question", "ordered a meal"
        return find_content(document, verb, happening) is not None
    if word.role == "object":
        return True
    deps = {document.deps[c] for c in below}
    prepositions = {document.lowers[c] for c in below if document.deps[c] in ("prep", "dative")}
    if happening == "agreed" and document.tags[verb] in ("VBP", "VBZ"):
        # "34 % agree that" is an opinion
        return False
    if happening in _COMPLEMENTS:
        # "agreed in May to return them": far from its verb an infinitive is parsed as a purpose
        purpose = any(document.deps[c] == "advcl" and document.tags[c] == "VB" for c in below)
        return "xcomp" in deps or purpose or bool(prepositions & set(_COMPLEMENTS[happening]))
    if happening == "protested":
        return "dobj" not in deps and not prepositions & {"into", "to"}
    if happening == "demanded" and document.lemmas[verb] == "demand":
        return bool(deps & {"dobj", "ccomp", "xcomp", "nsubjpass"})
    return True


def _between(
    document: Document, verb: str, happening: str, actor: Party | None, target: Party | None
) -> bool:
    """Whether these parties can do that to each other, rather than in a figure of speech."""
    if happening == "met":
        return _is_party(document, actor) and (target is None or _is_party(document, target))
    if verb in _STRIKES and not _is_force(document, actor):
        # a storm hits a coast too
        return False
    if happening in _THINGS and target is not None and target.mention_id is None:
        if document.pos[target.token] == "NUM":
            return True
        return class_of(document.lemmas[target.token])[0] is not None or document.lemmas[
            target.token
        ] in load_nouns("targets")
    if happening == "accused" and actor is None:
        return _is_party(document, target)
    if happening in ("agreed", "threatened", "protested", "accused", "demanded"):
        return _is_party(document, actor)
    return True


def _is_force(document: Document, party: Party | None) -> bool:
    """Whether a phrase names a weapon, an attack, or those who use force."""
    if party is None:
        return False
    lemma = document.lemmas[party.token].lower()
    return lemma in load_attacks() or class_of(lemma)[0] in _ARMED


def _is_party(document: Document, party: Party | None) -> bool:
    """Whether a phrase names people or a body that acts."""
    if party is None:
        return False
    lemma = document.lemmas[party.token].lower()
    return (
        party.mention_id is not None
        or document.lowers[party.token] in _PERSONAL | {"it", "who"}
        or class_of(lemma)[1] == "person"
        or lemma in load_bodies()
        or lemma in load_nouns("parties")
    )


def _has(document: Document, verb: int, needed: str) -> bool:
    return any(document.lowers[c] == needed for c in document.children(verb))
