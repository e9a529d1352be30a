"""Places that act: "Kabul" may be a city, or the government that sits in it."""

from __future__ import annotations

from bisect import bisect_left

from transforms.entities.cues import load_cues
from transforms.entities.found import Found
from transforms.entities.readings import find_readings
from transforms.language.document import Document

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})


def _governs(surface: str) -> bool:
    """Whether a government may be called by the name: a country's or its capital's."""
    return any(
        (r.place.kind == "country" or r.place.is_capital) and not r.place.is_alternate
        for r in find_readings(surface)
    )


def find_role(document: Document, name: Found) -> str | None:
    """ "actor" for a place that speaks or decides, "place" for any other; null for other names.

    A place acts where it is the subject of a verb that only people and bodies can do, or does
    what a sentence in the passive says: "a deal signed by Oslo".
    """
    if name.kind != "PLACE":
        return None
    if name.rule == "dateline" or not _governs(document.text[name.start : name.end]):
        return "place"
    token = max(0, bisect_left(document.starts, name.end) - 1)
    dep, head = document.deps[token], document.heads[token]
    while dep == "conj":
        token = head
        dep, head = document.deps[token], document.heads[token]
    acts = load_cues()["act"]
    if dep in _SUBJECTS and document.lemmas[head] in acts:
        return "actor"
    if dep == "pobj" and document.deps[head] == "agent":
        return "actor" if document.lemmas[document.heads[head]] in acts else "place"
    return "place"
