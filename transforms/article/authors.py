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
    r"politics|health|culture|unknown|none|null|authors?|twitter|facebook|"
    r"instagram|whatsapp|linkedin|e-?mail|print|comments?|view|profile|subscribe|read more)\b|"
    # newspapers, agencies and offices of East Asia
    r"(?:報|报|新聞|新闻|通信|通訊社|通讯社|網|网|編集部|신문|뉴스|일보)$",
    re.I,
)
_ADDRESS = re.compile(r"https?:|www\.|\S@\S", re.I)
# names without a space: Chinese, Japanese and Korean
_UNSPACED = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,5}")
_NAME = re.compile(r"[^\W\d_][\w'’.\-]*(?: [^\W\d_][\w'’.\-]*){0,4}")


def split_authors(bylines: Iterable[str]) -> tuple[str, ...]:
    """The people of the first byline that names any, in order and each once."""
    for byline in bylines:
        people = _people(byline)
        if people:
            return people
    return ()


def merge_authors(
    bylines: Sequence[str], structured: Sequence[str], *, site: str | None = None
) -> tuple[str, ...]:
    """All people of structured bylines, which give one author each; else of the first byline.

    The name of the `site` is nobody's, also where it looks like one.
    """
    own = (site or "").casefold()
    named = [name for byline in structured for name in _people(byline) if name.casefold() != own]
    others = (byline for byline in bylines if _LEAD.sub("", byline).casefold() != own)
    return tuple(dict.fromkeys(named)) or split_authors(others)


def choose_byline(bylines: Iterable[str]) -> str | None:
    """The first byline that is more than an address."""
    return next((b for b in bylines if b and not _ADDRESS.search(b)), None)


def _people(byline: str) -> tuple[str, ...]:
    text = _LEAD.sub("", " ".join(byline.split()))
    if len(text) > 200:
        return ()
    parts = (part.strip(" .,:-–—()") for part in _SPLIT.split(text))
    return tuple(dict.fromkeys(_LEAD.sub("", p) for p in parts if _is_person(p)))


def _is_person(part: str) -> bool:
    if _NOISE.search(part):
        return False
    words = part.split()
    return _UNSPACED.fullmatch(part) is not None or (
        1 < len(words) <= 5
        and _NAME.fullmatch(part) is not None
        and (words[0][0].isupper() or not words[0].isascii())
    )
