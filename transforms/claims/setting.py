"""Where and when: places and times of a happening's own clause, never of the text at large."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, timedelta
from typing import Any, NamedTuple

from transforms.claims.clause import clauses_of, joined_with, occasions_of, own_tokens
from transforms.claims.lexicon import load_nouns
from transforms.claims.reading import SUBJECTS
from transforms.claims.scene import Scene
from transforms.language.document import Document
from warehouse.tables import Mention, Time

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
    groups: list[Iterable[int]] = [extra, *(own_tokens(document, v) for v in chain)]
    groups += [own_tokens(document, v) for above in chain for v in joined_with(document, above)]
    groups += [own_tokens(document, v) for above in chain for v in occasions_of(document, above)]
    groups += [_before(document, v) for v in chain]
    for tokens in groups:
        if place is not None and time is not None:
            break
        if place is None or time is None:
            for first, last in _runs(document.starts, document.ends, tokens, limit):
                place = place or _place(scene, first, last, happening)
                time = time or _time(scene, first, last)
    if place is None:
        place = next((m for v in chain if (m := _where(scene, v)) is not None), None)
    return Setting(place, time)


def _before(document: Document, verb: int) -> list[int]:
    """What a clause joined with "and" shares of the one before it, having a subject of its own.

    That is what opens the sentence ("In Beirut, thousands marched and police arrested 20"), and
    all of it where it tells what befell a place ("A quake struck Cebu, and 72 people died").
    """
    before = document.heads[verb]
    if document.deps[verb] != "conj" or document.pos[before] not in ("VERB", "AUX"):
        return []
    tokens = own_tokens(document, before)
    if document.lemmas[before].lower() in load_nouns("occurrences"):
        return tokens
    subject = next((c for c in document.children(before) if document.deps[c] in SUBJECTS), before)
    opening = [c for c in document.children(before) if c < subject and document.deps[c] == "prep"]
    return [t for c in opening for t in document.subtree(c)]


def _where(scene: Scene, verb: int) -> Mention | None:
    """The place that a clause with "where" describes: "in Arequipa, where no one was hurt"."""
    document = scene.document
    if document.deps[verb] != "relcl" or not any(
        document.lowers[c] == "where" for c in document.children(verb)
    ):
        return None
    head = document.heads[verb]
    found = scene.mentions(document.starts[head], document.ends[head])
    return next((m for m in found if m.type == "PLACE"), None)


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


def _place(scene: Scene, start: int, end: int, happening: str) -> Mention | None:
    """The first place in [start, end) that a word for "in" or "near" leads to."""
    document = scene.document
    for mention in scene.mentions(start, end):
        if mention.type != "PLACE":
            continue
        token = document.token_at(mention.end - 1)
        while document.heads[token] != token and document.starts[document.heads[token]] in range(
            mention.start, mention.end
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
