"""Where and when: places and times of a happening's own clause, never of the text at large."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, timedelta
from typing import Any, NamedTuple

from transforms.claims.clause import (
    clauses_of,
    is_whole,
    joined_with,
    occasions_of,
    own_tokens,
    qualified_objects,
    shared_tokens,
)
from transforms.claims.lexicon import class_of, load_nouns
from transforms.claims.place import find_place, find_place_above
from transforms.claims.reading import SUBJECTS, readings_of
from transforms.claims.scene import Scene
from transforms.language.document import Document
from warehouse.tables import Mention, Time

_HARMS = frozenset(("killed", "wounded", "casualty", "destroyed", "damaged"))
_OPENS = frozenset(("in", "near", "outside", "at", "across"))
_LOCALS = frozenset(("civilian", "police", "worker", "person"))
_DAY = timedelta(days=1)


class Setting(NamedTuple):
    """The place mention and the time of a happening, where its clause has them."""

    place: Mention | None
    time: Time | None


def find_setting(
    scene: Scene, verb: int, extra: Sequence[int], happening: str, limit: tuple[int, int]
) -> Setting:
    """Place and time of the happening told at `verb`.

    The clause itself comes first, then the clauses that it continues, those joined with it, the
    clause of its occasion, and at last what holds for it of the clause before.

    Args:
        scene: the article.
        verb: the verb of the clause.
        extra: tokens of the counted phrase and its trigger.
        happening: what happened; some lead to a place.
        limit: code points of the quote that tells it, or of its sentence.
    """
    document = scene.document
    place: Mention | None = None
    time: Time | None = None
    chain = list(clauses_of(document, verb))
    for tokens, placed in _groups(document, chain, extra):
        if place is not None and time is not None:
            break
        for first, last in _runs(document.starts, document.ends, tokens, limit):
            place = place or (find_place(scene, first, last, happening) if placed else None)
            time = time or _time(scene, first, last)
    if place is None:
        place = next((m for v in chain if (m := find_place_above(scene, v)) is not None), None)
    return Setting(place or _fronted(scene, verb, happening), time)


def _fronted(scene: Scene, verb: int, happening: str) -> Mention | None:
    """The place that opens the sentence before a local who speaks: "In Fez, doctors said 14 died".

    Officials and ministries speak from where they sit: "In Moscow, the ministry said".
    """
    document = scene.document
    first, last = document.sentences[document.sentence_of(document.starts[verb])]
    head = document.heads[first]
    if document.deps[first] != "prep" or document.lowers[first] not in _OPENS or head == verb:
        return None
    below = document.children(head)
    speaker = next((c for c in below if document.deps[c] == "nsubj"), None)
    if speaker is None or not any(document.deps[c] == "ccomp" for c in below):
        return None
    end = document.subtree(first)[-1] + 1
    local = class_of(document.lemmas[speaker])[0] in _LOCALS
    if not local or end >= last or document.words[end] != ",":
        return None
    return find_place(scene, document.starts[first], document.ends[end - 1], happening)


def _groups(
    document: Document, chain: Sequence[int], extra: Sequence[int]
) -> Iterator[tuple[Iterable[int], bool]]:
    """Tokens that may say when, from near to far, and whether they may say where too."""
    yield extra, True
    yield from ((own_tokens(document, v), True) for v in chain)
    yield from (
        (own_tokens(document, q), True) for v in chain for q in qualified_objects(document, v)
    )
    for above in chain:
        for other in joined_with(document, above):
            told = _tells(document, other)
            if told & _HARMS or not is_whole(document, other):
                yield shared_tokens(document, other), bool(told)
    yield from ((own_tokens(document, o), True) for v in chain for o in occasions_of(document, v))
    yield from ((_before(document, v), True) for v in chain)


def _tells(document: Document, verb: int) -> set[str]:
    """What a clause tells, with its verb or its object.

    Of clauses joined with "and" those that tell something are of one occasion: "killed 4 and
    wounded 7 in Ufa". With a subject of its own that holds for what harms: "One died and 20 were
    hurt in Ufa", not for "14 are missing and 61 are in hospital in Ufa".
    """
    objects = [c for c in document.children(verb) if document.deps[c] == "dobj"]
    return {w.happening for t in (verb, *objects) for w in readings_of(document, t)}


def _before(document: Document, verb: int) -> list[int]:
    """What a clause joined with "and" shares of the one before it, having a subject of its own.

    That is what opens the sentence ("In Beirut, thousands marched and police arrested 20"), and
    all of it where it tells what befell a place ("A quake struck Cebu, and 72 people died").
    """
    before = document.heads[verb]
    if document.deps[verb] != "conj":
        # "Gangs fought in Ufa; 16 were killed" is parsed as if it were said
        before = next((c for c in document.children(verb) if _is_first_half(document, c, verb)), -1)
    if before < 0 or document.pos[before] not in ("VERB", "AUX"):
        return []
    tokens = own_tokens(document, before)
    if document.lemmas[before].lower() in load_nouns("occurrences"):
        return tokens
    subject = next((c for c in document.children(before) if document.deps[c] in SUBJECTS), before)
    opening = [c for c in document.children(before) if c < subject and document.deps[c] == "prep"]
    return [t for c in opening for t in document.subtree(c)]


def _is_first_half(document: Document, clause: int, verb: int) -> bool:
    """Whether a clause stands before `verb` and a semicolon."""
    if document.deps[clause] not in ("ccomp", "parataxis") or clause > verb:
        return False
    return document.words[document.subtree(clause)[-1] + 1] == ";"


def _runs(
    starts: list[int], ends: list[int], tokens: Iterable[int], limit: tuple[int, int]
) -> list[tuple[int, int]]:
    """Code points of the unbroken runs of `tokens` within `limit`."""
    runs: list[list[int]] = []
    for token in sorted(set(tokens)):
        if not limit[0] <= starts[token] < limit[1]:
            continue
        if runs and runs[-1][1] == token - 1:
            runs[-1][1] = token
        else:
            runs.append([token, token])
    return [(starts[first], ends[last]) for first, last in runs]


def _time(scene: Scene, start: int, end: int) -> Time | None:
    """The first time in [start, end) that says when, rather than how long or how often."""
    for time in scene.times(start, end):
        # "in the past week" is a span of the calendar, "for two weeks" is none
        spans = time.timex_type == "DURATION" and time.start_at and time.end_at
        if (time.timex_type in ("DATE", "TIME") or spans) and not (time.timex_value or "").endswith(
            "_REF"
        ):
            return time
    return None


def place_columns(scene: Scene, place: Mention | None) -> dict[str, Any]:
    """The columns that say where."""
    if place is None:
        return {}
    return {"place_mention_id": scene.key("mentions", place), "place_from": "clause"}


def interval_of(scene: Scene, time: Time | None) -> dict[str, Any]:
    """The columns that say when: those of the time, else the day of publication marked as such."""
    if time is not None:
        return {
            "time_id": scene.key("times", time),
            "happened_from": time.start_at,
            "happened_to": time.end_at,
            "time_from": "clause",
        }
    published = scene.text.published_at
    if published is None:
        return {}
    if published.tzinfo is not None:
        published = published.astimezone(UTC).replace(tzinfo=None)
    day = published.replace(hour=0, minute=0, second=0, microsecond=0)
    return {"happened_from": day, "happened_to": day + _DAY, "time_from": "publication"}
