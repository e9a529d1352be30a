"""Teams named by their city: in a text about sport, a city may be who plays, or where."""

from __future__ import annotations

import re

from transforms.entities.found import Found
from transforms.entities.readings import find_readings, is_country
from transforms.language.document import Document

_AT_PLACE = re.compile(
    r"\b(?:at|in|At|In) (?:the |The )?[A-Z][\w'\u2019]*(?: [A-Z][\w'\u2019]*)*(?:, | \()$"
    r"|\bbetween (?:[A-Z]\w+(?: [A-Z]\w+)? and )?$"
    r"|(?:^|\n)[A-Z][A-Z .'-]+, $"
)
_WHERE = frozenset({"in", "near", "outside", "around", "at", "of", "across"})
_PLACED = frozenset({":", "stadium"})
_LEFT = 60
_TYPES = frozenset({"PLACE", "ORG", "PERSON"})


def find_team(
    document: Document, name: Found, first: int, last: int, *, is_placed: bool
) -> dict[str, float]:
    """Votes for the team of a city, or for the city where places stand.

    Countries stay countries, also where their teams play.

    Args:
        document: a text about sport.
        name: any name in it, tokens [first, last).
        first: its first token.
        last: one past its last token.
        is_placed: whether a state or country follows.
    """
    surface = document.text[name.start : name.end]
    readings = find_readings(surface)
    wide = is_country(surface) or any(
        r.place.kind == "region" and r.place.country_code is None for r in readings
    )
    if name.kind not in _TYPES or not readings or wide:
        return {}
    before = document.lowers[first - 1] if first > 0 else ""
    after = document.lowers[last] if last < len(document) else ""
    if name.rule == "dateline":
        return {"PLACE": 4.0}
    if _AT_PLACE.search(document.text[max(0, name.start - _LEFT) : name.start]):
        return {"PLACE": 3.0}
    if is_placed or before in _WHERE or after in _PLACED:
        return {"PLACE": 2.0}
    return {"ORG": 4.0} if name.kind == "PLACE" else {"ORG": 1.0}
