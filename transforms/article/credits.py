"""The agencies that a story credits, and the lines in which it credits those who worked on it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from transforms.article.dateline import find_dateline

_DATA = Path(__file__).parents[1] / "data" / "article"

_TAIL = 1500
"""Characters at the end of a text among which credits stand."""
_LINE = 400
"""Characters beyond which a line is a paragraph of the story."""
_ROLE = (
    r"(?:(?:with |and )?(?:additional |further |extra )?(?:reporting|writing|editing|research|"
    r"contributions?|material|files|inputs?|information|assistance|photograph(?:y|s)|graphics?|"
    r"translation|compilation|production)(?: contributed| provided)?(?: by| from)\b|"
    r"(?:based on )?reporting by\b|"
    r"(?:compiled|written|edited|reported|translated|adapted|produced|provided) by\b|"
    r"mit (?:material|informationen|angaben|agenturmaterial|texten) (?:von|der|des)\b|"
    r"avec la contribution de\b|con informaci[oó]n de\b|"
    r"com informa[cç][õo]es d[aeo]\b|"
    r"met (?:medewerking van|materiaal van)\b|"
    r"(?:source|quelle|fuente|fonte|kaynak|bron|kilde|källa|zdroj|źródło|источник)s?:)"
)
_CREDIT_LINE = re.compile(
    rf"[\W_]{{0,4}}(?:{_ROLE}\s*\S.*|"
    # "Ada Oak in Lisbon and Ben Quill contributed to this report."
    r"(?:[^.!?]{2,200}\b)?contributed (?:reporting|research|from|to (?:this|the|our) (?:\w+ )?"
    r"(?:report|story|article|piece|post|column|coverage)|to this)\b[^.!?]{0,80}[.\W]*)$",
    re.I,
)
# at the beginning of a line or sentence, or after a bracket: there a search is quick
_CREDIT = re.compile(
    rf"(?:^|[.!?(;:,–—-])\s*(?:{_ROLE}|\(?c\)|©|copyright)\s*(.{{0,160}})", re.I | re.M
)
_SIGNED = re.compile(r"\(([^()\n]{2,40})\)\W*$|^\W*([A-Za-z][\w/.\- ]{1,30})\W*$")
_HINTS = (
    " by ", " from ", "©", "(c)", "copyright", "contributed", "mit ", "avec ", "informa", "met ",
    "source", "quelle", "fuente", "fonte", "kaynak", "bron", "kilde", "källa", "zdroj", "źródło",
    "источник",
)  # fmt: skip
"""Some of these stand in each credit; to look for them is quick."""
_HEAD_AGENCY = re.compile(r"\(([^()\n]{2,40})\)")
_WORKERS = re.compile(r"\b(?:writers?|reporters?|journalists?|correspondents?|staff)\b[^,;]*", re.I)
_BETWEEN = re.compile(
    r",|;|/|\||\+|\b(?:and|und|et|y|e|with|mit|the|der|in|by|from|von)\b|&|\(|\)|:|\.(?=\s|$)"
)


def find_credits(text: str) -> tuple[str, ...]:
    """Agencies credited in the dateline, in credit lines or at the end; each once, in order."""
    found: list[str] = []
    head = find_dateline(text) or ""
    for match in _HEAD_AGENCY.finditer(head):
        found += to_agencies(match[1])
    tail = text[-_TAIL:]
    lowered = tail.casefold()
    tells = any(hint in lowered for hint in _HINTS)
    for match in _CREDIT.finditer(tail) if tells else ():
        found += to_agencies(match[1].splitlines()[0] if match[1] else "")
    for line in tail.rstrip().splitlines()[-3:]:
        parts = re.split(r"[.!?]\s", line) if "contributed" in line else ()
        for sentence in (line, *parts):
            signed = _SIGNED.search(sentence)
            if signed is not None:
                found += to_agencies(signed[1] or signed[2])
            elif "contributed" in sentence:
                found += to_agencies(sentence.split("contributed")[0])
    return tuple(dict.fromkeys(found))


def find_credit_lines(lines: Iterable[str]) -> tuple[str, ...]:
    """Lines that say who else worked on the story: "Additional reporting by Ada Oak in Lisbon"."""
    short = (line.strip() for line in lines if 0 < len(line) <= _LINE)
    return tuple(dict.fromkeys(line for line in short if _CREDIT_LINE.match(line)))


def to_agencies(phrase: str) -> list[str]:
    """The agencies in a list of names such as "Ada Northwood, dpa and AFP"."""
    known = load_agencies()
    bare = _WORKERS.sub("", phrase)
    parts = (part.strip(" \t.,:-–—©'\"") for part in _BETWEEN.split(bare))
    return [
        known[part.casefold()]
        for part in [phrase.strip(" .()"), *parts]
        if part.casefold() in known
    ]


def is_agency(name: str) -> bool:
    """Whether `name` is a news agency's."""
    return name.casefold() in load_agencies()


@cache
def load_agencies() -> dict[str, str]:
    """Our name of each agency by the ways of writing it, without case."""
    lines = (_DATA / "agencies.tsv").read_text(encoding="utf-8").splitlines()
    known: dict[str, str] = {}
    for line in lines:
        if line and not line.startswith("#"):
            names = [name for name in line.split("\t") if name]
            known |= {name.casefold(): names[0] for name in names}
    return known
