"""Claims: who asserts how much of what happened, where and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from transforms.claims.absent import find_absent
from transforms.claims.answers import find_answers, link_denials
from transforms.claims.assertion import ASSERTER, asserter_of, is_condition, is_planned
from transforms.claims.clause import own_tokens, verb_of
from transforms.claims.counted import KINDS, to_counted
from transforms.claims.denied import find_denied
from transforms.claims.events import find_events
from transforms.claims.inherit import inherit_places
from transforms.claims.lexicon import load_happenings, load_nouns
from transforms.claims.numbers import as_tallied, number_columns
from transforms.claims.party import Party, find_actor, find_owner, to_party
from transforms.claims.reading import Counted, Trigger
from transforms.claims.rows import limits, party_columns, type_of_event
from transforms.claims.scene import Scene
from transforms.claims.setting import find_setting, interval_of, place_columns
from transforms.claims.stance import is_negated, stance_of
from transforms.claims.toll import find_tally, is_sum
from transforms.claims.trigger import find_triggers
from transforms.entities.references.find import Reference
from transforms.language.document import Document
from transforms.quotes.attribute import span_of
from transforms.text import Text
from warehouse.tables import Claim, Event, Mention, Quantity, Quote, Time

VERSION = "3"

_OTHERS = frozenset(("other", "others", "more"))
_ACTED = frozenset(("object", "of", "self", "deep", "is"))


def find_claims(
    text: Text,
    document: Document,
    mentions: Sequence[Mention],
    quantities: Sequence[Quantity],
    times: Sequence[Time],
    quotes: Sequence[Quote],
    references: Sequence[Reference] | None = None,
) -> tuple[list[Claim], list[Event]]:
    """The claims of a text and its events, each in order of position.

    A claim is a counted happening, or a denial of one; an event is told without a count. What is
    said of a whole ("24 people were wounded") holds for its parts ("among them six policemen").
    """
    scene = Scene(text, document, mentions, times, quotes, references)
    claims: list[Claim] = []
    told: dict[int, list[Claim]] = {}
    counts = [*quantities, *find_absent(document, quantities)]
    for quantity in sorted(counts, key=lambda q: (q.part_of_start is not None, q.start)):
        if quantity.kind not in KINDS:
            continue
        whole = told.get(quantity.part_of_start or -1, [])
        found = list(_claims_of(scene, quantity, whole, _recent(document, claims, quantity.start)))
        found = [_like_before(document, claim, claims) for claim in found]
        told[quantity.start] = found
        claims += found
    claims += find_denied(scene, claims)
    claims, events = inherit_places(scene, claims, find_events(scene))
    claims = link_denials(scene, claims)
    claims += find_answers(scene, claims, events)
    return sorted(claims, key=lambda c: (c.start, c.end)), events


def _recent(document: Document, claims: Sequence[Claim], start: int) -> list[Claim]:
    """The claims before `start` in its sentence or the one before, in order."""
    sentence = document.sentence_of(start)
    near = [c for c in claims if c.end <= start and sentence - document.sentence_of(c.start) <= 1]
    return sorted(near, key=lambda c: c.start)


def _claims_of(
    scene: Scene, quantity: Quantity, whole: Sequence[Claim], before: Sequence[Claim]
) -> Iterator[Claim]:
    """The claims that a quantity makes, of a whole it is part of, or of a count `before` it."""
    document = scene.document
    counted = to_counted(document, quantity)
    if counted is None:
        return
    happenings = load_happenings()
    triggers = [t for t in find_triggers(document, counted) if happenings[t.word.happening].claim]
    for trigger in triggers:
        claim = to_claim(scene, quantity, counted, trigger)
        if claim is not None:
            yield claim
    tally = None if triggers else find_tally(document, counted)
    if tally is not None and before:
        yield _tally(scene, quantity, counted, tally, before[-1])
    elif not triggers and quantity.value != 0:
        # "14 were treated, none of them for burns" does not say that none was treated
        for claim in whole:
            yield _part(scene, quantity, counted, claim)


def _like_before(document: Document, claim: Claim, before: Sequence[Claim]) -> Claim:
    """The claim, with the class of the one before in its sentence where it counts "others"."""
    if (claim.counted or "").lower() not in _OTHERS:
        return claim
    sentence = document.sentence_of(claim.start)
    for other in reversed(before):
        if document.sentence_of(other.start) == sentence and other.end <= claim.start:
            return replace(
                claim, counted_class=other.counted_class, counted_side=other.counted_side
            )
    return claim


def _part(scene: Scene, quantity: Quantity, counted: Counted, whole: Claim) -> Claim:
    """The claim of a part, told by what happened to the whole."""
    document = scene.document
    start = min(quantity.start, document.starts[counted.first])
    end = max(quantity.end, document.ends[counted.last])
    quote = scene.quote_around(start, end)
    return replace(
        whole,
        start=start,
        end=end,
        rule=f"{whole.happening}.part",
        **number_columns(scene, quantity, counted),
        **(asserter_of(scene, quote) if quote else {}),
    )


def _tally(scene: Scene, quantity: Quantity, counted: Counted, tally: int, before: Claim) -> Claim:
    """The claim of another count of what was told before: "police put the number at four"."""
    claim = _part(scene, quantity, counted._replace(name=None), before)
    told: dict[str, Any] = {
        "rule": f"{before.happening}.tally",
        "counted": (before.counted or "").removeprefix("more ") or None,
        "counted_class": before.counted_class,
        "counted_side": before.counted_side,
        "stance": "assert",
        "trigger_start": scene.document.starts[tally],
        "trigger_end": scene.document.ends[tally],
    }
    if scene.quote_around(claim.start, claim.end) is None:
        told |= dict.fromkeys(ASSERTER) | {"asserter_type": "outlet"}
    if is_sum(scene.document, tally):
        told |= {
            "place_mention_id": None,
            "place_from": None,
            "time_id": None,
            **interval_of(scene, None),
        }
    return replace(claim, **told)


def to_claim(scene: Scene, quantity: Quantity, counted: Counted, trigger: Trigger) -> Claim | None:
    """The claim that `trigger` tells of a quantity; null where it is a mere condition."""
    document = scene.document
    verb = verb_of(document, trigger.token)
    if is_condition(document, verb):
        return None
    first, last = document.starts[trigger.token], document.ends[trigger.token]
    start = min(quantity.start, document.starts[counted.first], first)
    end = max(quantity.end, document.ends[counted.last], last)
    quote = scene.quote_around(start, end)
    word = trigger.word
    actor = actor_of(scene, trigger, counted, quote)
    phrase = _phrase(document, counted, trigger.token)
    limit = limits(document, start, quote)
    if trigger.rule == "toll" and document.tags[verb] == "VBG":
        # "raising the death toll to 43" adds up what happened elsewhere and before
        own = own_tokens(document, verb)
        limit = (document.starts[own[0]], document.ends[own[-1]])
    setting = find_setting(scene, verb, phrase, word.happening, limit)
    happening = word.happening
    if happening == "released" and actor is not None:
        freed = document.lemmas[actor.token].lower() in load_nouns("rescuers")
        happening = "rescued" if freed else happening
    negated = quantity.negated or is_negated(document, trigger.token)
    return Claim(
        start=start,
        end=end,
        rule=f"{happening}.{trigger.rule}",
        happening=happening,
        event_type=type_of_event(document, happening, actor, counted.name),
        trigger_start=first,
        trigger_end=last,
        **party_columns("actor", scene, actor),
        **place_columns(scene, setting.place),
        **interval_of(scene, setting.time),
        **asserter_of(scene, quote),
        stance=stance_of(document, verb, quote, negated),
        planned=is_planned(document, trigger.token, quote),
        **number_columns(scene, quantity, as_tallied(document, counted, trigger), trigger.tallied),
    )


def actor_of(scene: Scene, trigger: Trigger, counted: Counted, quote: Quote | None) -> Party | None:
    """Who did it, as a phrase; null where the clause does not say."""
    document, token = scene.document, trigger.token
    found = None
    if document.lemmas[token] == "lose" and trigger.word.happening != "lost":
        # whoever loses three men did not kill them
        return None
    left = document.lemmas[document.heads[token]] in ("leave", "shoot")
    if trigger.rule in ("predicate", "self") and left:
        found = find_actor(document, document.heads[token])
    elif document.pos[token] in ("VERB", "AUX") and trigger.word.role in _ACTED:
        found = find_actor(document, token)
    elif document.pos[token] == "NOUN" and trigger.word.role == "of":
        found = find_owner(document, token)
    if found is None or counted.first <= found <= counted.last or document.deps[found] == "expl":
        return None
    return to_party(scene, found, quote)


def _phrase(document: Document, counted: Counted, trigger: int) -> list[int]:
    """Tokens of the counted noun phrase, where a place may stand: "two outposts near Tegh"."""
    first, last = span_of(document, counted.head)
    tokens = list(range(first, last))
    if document.pos[trigger] == "NOUN":
        tokens += document.subtree(trigger)
    return tokens
