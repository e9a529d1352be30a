"""The dateline at the head of a story."""

from __future__ import annotations

import re

_MONTH = (
    r"(?:Jan(?:uary|uar|vier|\.)?|Feb(?:ruary|ruar|\.)?|Mar(?:ch|\.)?|März|Apr(?:il|\.)?|May|Mai|"
    r"Jun[ei]?|Jul[yi]?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|O[ck]t(?:ober|\.)?|Nov(?:ember|\.)?|"
    r"De[cz](?:ember|\.)?)"
)
_DAY = rf"(?:{_MONTH} \d{{1,2}}|\d{{1,2}}\.? {_MONTH}|\d{{1,2}}[./]\d{{1,2}}\.?)(?:,? \d{{4}})?"
_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈČĎĐĒĖĘĚĞĠĢĪĮİĶĹĻĽŁŃŅŇŌŐŒŔŖŘŚŞŠŢŤŪŮŰŲŹŻŽ"
_CAPS = rf"[{_UPPER}][{_UPPER}.'’\-]+(?:[ /][{_UPPER}][{_UPPER}.'’\-]*){{0,3}}"
_MIXED = rf"[{_UPPER}][\w.'’\-]+(?:[ /](?:[a-z]{{2,3}} )?[{_UPPER}][\w.'’\-]*){{0,3}}"
_REGION = rf"(?:, [{_UPPER}][\w.'’ ]{{1,25}}?){{0,2}}"
_SOURCE = r"\((?:[A-Za-z][\w./& \-]{1,40})\)"
# what sets it off: a dash with space, a long dash, or a colon
_DASH = r"(?:\s*[—―]+\s*|\s+[-–_]+\s+|\s*_\s*|\s*--+\s*)"
_DATELINE = re.compile(
    rf"\s*(?:({_CAPS}{_REGION}(?:,? {_DAY})?(?: ?{_SOURCE})?)(?:{_DASH}|:\s+)"
    # in mixed letters only the day or the agency tells it from the beginning of a sentence
    rf"|({_MIXED}{_REGION}(?:,? {_DAY},? ?{_SOURCE}|,? {_DAY}| ?{_SOURCE}))(?:{_DASH}|:\s+|\.\s+)"
    # German wires end it with a mere bracket
    rf"|({_MIXED}{_REGION} ?\((?:dpa|AFP|AP|Reuters|epd|KNA|SID)[\w/\- ]{{0,20}}\))\s)(?=\S)"
)
# capitals at the head of a text that name a kind of story
_LABEL = re.compile(
    r"(?:ANALYSIS|BREAKING|COLUMN|COMMENT(?:ARY)?|CORRECT(?:ION|ED)|DEVELOPING|EDITORIAL|EXCLUSIVE|"
    r"EXPLAIN(?:ED|ER)|FACT(?:BOX|S)?|FEATURE|FILE|INSIGHT|INTERVIEW|JUST|LIVE|NEW|NOTE|OPINION|"
    r"PHOTOS?|PICTURES|PODCAST|POLL|PROFILE|QUESTION|ANSWER|READ|RECAP|REPORT|REVIEW|SPECIAL|"
    r"SPOILER|SUMMARY|TIMELINE|TIP|UPDATE[DS]?|VIDEO|VIEW|WARNING|WATCH|EILMELDUNG|AKTUALISIERT|"
    r"KOMMENTAR|URGENTE|ÚLTIMA|EXCLUSIVO|OPINIÓN|VIDÉO|DIRECT|BY|VON|DEAR|Q&A)\b|"
    # slugs of wires: "AP-US--Impeachment", "BC-EU--Summit"
    r"(?:AP|BC|AM|PM)-[A-Z]"
)


def find_dateline(text: str) -> str | None:
    """The dateline that `text` begins with, such as "KABUL, July 26 (Reuters)"."""
    match = _DATELINE.match(text[:200])
    if match is None:
        return None
    found = (match[1] or match[2] or match[3]).strip()
    return None if _LABEL.match(found.upper()) else found
