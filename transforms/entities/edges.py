"""Where a name ends, and what it is, by what stands at its end and right after it."""

from __future__ import annotations

import re

_CITY_OFFICE = re.compile(
    r" (?:Manager|Council\w*|Attorney|Marshal|Clerk|Hall|Commission\w*|Administrator|Engineer"
    r"|Planner|Police|political|officials)\b"
)
_CITY = " City"
_HOLDER = re.compile(
    r"\b(?:Sheriff|Coroner|Governor|Attorney|Prosecutor|Mayor|Commissioner|Controller|Auditor"
    r"|Treasurer|Minister|Magistrates?|President|Chief)$"
)
_ITS_OFFICE = re.compile(r"['\u2019]s? (?:Office|Department|Bureau|Court)\b")
_COMPOUND = re.compile(r"-(?:based|area|born|bound|led|backed|wide|style|registered|listed)$")
_DOTTED = re.compile(r"(?:[A-Z][a-z]?\.)+[A-Z][a-z]{0,2}$")
_FORM = re.compile(r"[ ,](?:Inc|Corp|Co|Ltd|Bros|Cos)\.$")
_ENDS = re.compile(r"[\"\u201d]*(?:\s*$|\s*\n|\s+[\"\u201c]?[A-Z]\w+ [a-z])")
"""After the point that ends a sentence too."""
_NUMBERED = re.compile(
    r"(?:District|Exit|Exits|Ward|Precinct|Room|Gate|Terminal|Suite|Unit|Section|Lot|Zone|Floor"
    r"|Apartment|Apt\.?|Building|Division|Phase|Ticket|Mile|Chapter|Pack|Troop|Platform|Area)"
    r" (?:No\. ?)?[\dA-Z]{1,4}"
)


def is_number(surface: str) -> bool:
    """Whether it is a kind of thing with its number, which names nothing: "District 7"."""
    return _NUMBERED.fullmatch(surface) is not None


def mend_end(text: str, start: int, end: int, kind: str) -> tuple[int, str]:
    """The end and the type of a name of the model.

    "Leeds City" before "Manager" is Leeds; "Salem County Sheriff" before "'s Office" is the name
    of a body, with it; "Oslo-based" is Oslo; the last point of "N.C." belongs to it, that after
    "Inc" to the sentence which it ends.

    Args:
        text: the text.
        start: where the name begins.
        end: where the model says that it ends.
        kind: its mention type.
    """
    surface = text[start:end]
    if kind == "PLACE" and surface.endswith(_CITY) and _CITY_OFFICE.match(text, end):
        return end - len(_CITY), kind
    if _HOLDER.search(surface) and (office := _ITS_OFFICE.match(text, end)) is not None:
        return office.end(), "ORG"
    if kind == "PLACE" and (compound := _COMPOUND.search(surface)) is not None:
        return start + compound.start(), kind
    if kind == "ORG" and _FORM.search(surface) and _ENDS.match(text, end):
        return end - 1, kind
    if kind in ("PLACE", "ORG") and text[end : end + 1] == "." and _DOTTED.fullmatch(surface):
        return end + 1, kind
    return end, kind
