"""The dateline at the head of a story, and the agencies it credits."""

from __future__ import annotations

import re

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_PLACE = r"[A-Z][A-Z.'’\-]+(?:[ /][A-Z][A-Z.'’\-]+){0,3}"
_DATELINE = re.compile(
    rf"\s*({_PLACE}(?:, [A-Z][\w.'’ ]{{1,25}}?)?(?:,? {_MONTH} \d{{1,2}}(?:, \d{{4}})?)?"
    r"(?: ?\((?:[A-Z][\w. ]{1,30})\))?) ?(?:[-–—_]+|:) ?(?=\S)"
)
AGENCIES = {
    "reuters": "Reuters", "afp": "AFP", "agence france-presse": "AFP", "dpa": "dpa", "ap": "AP",
    "associated press": "AP", "the associated press": "AP", "epa": "EPA", "efe": "EFE",
    "ansa": "ANSA", "tass": "TASS", "interfax": "Interfax", "xinhua": "Xinhua", "kyodo": "Kyodo",
    "pti": "PTI", "ians": "IANS", "upi": "UPI", "bloomberg": "Bloomberg", "pa media": "PA Media",
    "press association": "PA Media", "canadian press": "The Canadian Press", "apa": "APA",
}  # fmt: skip
_CREDIT = re.compile(
    r"(?:with (?:additional )?reporting (?:by|from)|based on reporting by|additional reporting by|"
    r"(?:material|information|reporting) from|source[s]?:|\(c\)|©|copyright)\s*(.{2,160})",
    re.I,
)
_HEAD_AGENCY = re.compile(r"\(([A-Za-z][\w .\-]{1,30})\)")


def find_dateline(text: str) -> str | None:
    """The dateline that `text` begins with, such as "KABUL, July 26 (Reuters)"."""
    match = _DATELINE.match(text[:200])
    return match[1].strip() if match else None


def find_credits(text: str) -> tuple[str, ...]:
    """Agencies credited in the dateline or in credit lines near the end, each once, in order."""
    found: list[str] = []
    head = find_dateline(text) or ""
    for match in _HEAD_AGENCY.finditer(head):
        found += to_agencies(match[1])
    for match in _CREDIT.finditer(text[-1500:]):
        found += to_agencies(match[1].splitlines()[0])
    return tuple(dict.fromkeys(found))


def to_agencies(phrase: str) -> list[str]:
    """The agencies in a list of names such as "Ada Northwood, dpa and AFP"."""
    parts = re.split(r",|;|/|\band\b|&", phrase)
    cleaned = (re.sub(r"^the ", "", p.strip(" .)\u2014-").lower()) for p in parts)
    return [AGENCIES[p] for p in cleaned if p in AGENCIES]
