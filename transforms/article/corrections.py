"""Notices that a story was corrected, clarified, updated or taken back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from transforms.article.change import load_counters
from transforms.article.model import Correction

_DATA = Path(__file__).parents[1] / "data" / "article"
_LONGEST = 1000
"""Characters beyond which a line is part of a story and no notice."""
_SHORTEST = 20
_MOST = 50
"""Notices kept of one page: no story has so many, and each is compared with each."""
_HINTS = (
    *(f"this {w}" for w in ("article", "story", "report", "piece", "post", "column", "page",
                            "headline", "is a developing", "developing", "breaking")),
    " of the ", " of our ", "regret", " the article", " the story", " the report", " the piece",
    "story was", "version", "fassung", "dieser ", "cet article", "este ", "esta ",
)  # fmt: skip
"""Some of these stand in each sentence of a notice; to look for them is quick."""
_ORDER = ("retraction", "correction", "clarification", "update", "note")
"""Weightiest first: of a line that is two kinds, the first is told."""


class Phrases(NamedTuple):
    """The ways of one kind of notice."""

    kind: str
    label: re.Pattern[str] | None
    sentence: re.Pattern[str] | None


def find_corrections(lines: Iterable[str]) -> tuple[Correction, ...]:
    """The notices among the lines of a story and of its page, in order and each once.

    "Correction:" and its like begin a line; "An earlier version of this article" stands anywhere
    in it. A notice of the editors counts as what it says: as a correction where it says so.
    """
    found: dict[str, Correction] = {}
    for line in lines:
        if not 0 < len(line) <= _LONGEST:
            continue
        notice = " ".join(line.split())
        kind = _kind(notice)
        if kind is not None and len(found) < _MOST:
            found.setdefault(notice, Correction(kind, notice))
    # an element and the one within it give a notice twice
    whole = [c for c in found.values()
             if not any(c.text != o.text and c.text in o.text for o in found.values())]  # fmt: skip
    return tuple(whole)


def _kind(notice: str) -> str | None:
    # the mere label, or the time of an update, says nothing
    if len(notice) < _SHORTEST or load_counters().fullmatch(notice):
        return None
    lowered = notice.casefold()
    labelled = load_openings().match(notice) is not None
    tells = any(hint in lowered for hint in _HINTS)
    kinds = {
        phrases.kind
        for phrases in load_phrases()
        if (labelled and phrases.label and phrases.label.match(notice))
        or (tells and phrases.sentence and phrases.sentence.search(notice))
    }
    return next((kind for kind in _ORDER if kind in kinds), None)


@cache
def load_phrases() -> tuple[Phrases, ...]:
    """Labels and sentences of each kind, as one pattern each."""
    return tuple(Phrases(kind, _label(kind), _sentence(kind)) for kind in _ORDER)


def _label(kind: str) -> re.Pattern[str] | None:
    words = _patterns(kind, "label")
    return _opening(words) if words else None


def _opening(words: list[str]) -> re.Pattern[str]:
    # a number, time or place may stand between: "Update, 3 p.m.:", "Correction (May 3):"
    between = r"(?:\s*[,(][^:!?\n]{0,40}|\s+(?:\d|at |on )[^:!?\n]{0,30})?\s*"
    end = r"(?::|\s[-–—]\s|\s?[–—])"
    return re.compile(rf"\W{{0,4}}(?:{'|'.join(words)})\b{between}{end}", re.I)


def _sentence(kind: str) -> re.Pattern[str] | None:
    words = _patterns(kind, "sentence")
    return re.compile("|".join(f"(?:{w})" for w in words), re.I) if words else None


@cache
def load_rows() -> tuple[tuple[str, str, str], ...]:
    """Kind, place and pattern of each row of the data file."""
    lines = (_DATA / "corrections.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((kind, place, pattern) for kind, place, pattern in rows)


def _patterns(kind: str, place: str) -> list[str]:
    return [f"(?:{p})" for k, where, p in load_rows() if k == kind and where == place]


@cache
def load_openings() -> re.Pattern[str]:
    """How the text of an element that holds a notice may begin."""
    labels = "|".join(f"(?:{p})" for _, place, p in load_rows() if place == "label")
    sentences = (
        r"an? (?:earlier|previous|original) version|this (?:article|story|report|piece|post)"
    )
    return re.compile(rf"\W{{0,4}}(?:(?:{labels})\b|{sentences})", re.I)
