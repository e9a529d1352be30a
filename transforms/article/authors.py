"""Bylines split into people; sections, agencies and addresses are not people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_LEAD = re.compile(r"^\s*(?:by|von|par|por|written by|reported by|words by|story by)\b[:\s]*", re.I)
_SPLIT = re.compile(r"\s*(?:,|;|\||/|&|•|·|\band\b|\bund\b|\bet\b|\by\b|\bwith\b)\s*", re.I)
_NOISE = re.compile(
    r"https?:|www\.|@|\d|\b(?:staff|newsroom|editors?|editorial|desk|team|correspondents?|reporters?|"
    r"reuters|associated press|agence france|afp|ap|dpa|bloomberg|press association|pa media|"
    r"news agency|news service|agencies|agency|admin|administrator|guest|contributors?|redaktion|"
    r"redaction|wire|services?|news|magazine|times|post|media|online|published|updated|updates?|"
    r"minutes?|share|follow|image|photo|getty|senior|writer|column|opinion|world|sports?|business|"
    r"politics|health|culture|unknown|none|null|author)\b",
    re.I,
)
_NAME = re.compile(r"[^\W\d_][\w'’.\-]*(?: [^\W\d_][\w'’.\-]*){0,4}")


def split_authors(bylines: Iterable[str]) -> tuple[str, ...]:
    """The people of the first byline that names any, in order and each once."""
    for byline in bylines:
        people = _people(byline)
        if people:
            return people
    return ()


def merge_authors(bylines: Sequence[str], structured: Sequence[str]) -> tuple[str, ...]:
    """All people of structured bylines, which give one author each; else of the first byline."""
    named = [name for byline in structured for name in _people(byline)]
    return tuple(dict.fromkeys(named)) or split_authors(bylines)


def _people(byline: str) -> tuple[str, ...]:
    text = _LEAD.sub("", " ".join(byline.split()))
    if len(text) > 200:
        return ()
    parts = (part.strip(" .,:-–—()") for part in _SPLIT.split(text))
    return tuple(dict.fromkeys(_LEAD.sub("", p) for p in parts if _is_person(p)))


def _is_person(part: str) -> bool:
    words = part.split()
    return (
        1 < len(words) <= 5
        and not _NOISE.search(part)
        and _NAME.fullmatch(part) is not None
        and words[0][0].isupper() | (not words[0].isascii())
    )
