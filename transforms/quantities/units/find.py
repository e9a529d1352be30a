"""The unit that stands at a place of a text."""

from __future__ import annotations

import re

from transforms.quantities.units.rate import with_rate
from transforms.quantities.units.table import UnitAt, load_units

_WORD = re.compile(r"[^\W\d_]+\.?|[&%％‰°º′″\"”Ω$€£₹¥₡₺₪₩₦₽₴₸₫฿₱₿¢℃℉×]")
_SYMBOL = re.compile(
    r"[^\W\d_µμ°º]*[µμ°º]?[^\W\d_]*(?:[·⋅./-][^\W\d_]+)?(?:\^?[23²³](?!\d|[.,]\d))?"
)
_GAP = re.compile(r"[ \t\u00a0\u202f]?(?:-[ \t]?)?")
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_INCH_FOLLOWS = re.compile(r"[ ]?(?:[.,;)x×]|$|thick|wide|long|tall|deep|high|diameter|by )")
_FEET_INCHES = re.compile(r"['’][ ]?\d{1,2}(?:\.\d+)?(?:[\"”″]|''|’’)")
_FEET_SIDE = re.compile(r"['’][ ]?(?:(?:wide|long|tall|deep|high|thick)\b|[x×][ ]?\d)")
_SIDE_BEFORE = re.compile(r"\d['’][ ]?(?:[x×]|by)[ ]?\d+(?:\.\d+)?$")
_FEET_AND = re.compile(r"['’](?:1[01]|\d)(?![\w'’.,]\d|\w)")
_FEET_BEFORE = re.compile(r"(?<!\d)[3-8]$")
"""Feet of a height told without the mark of inches: 5'9."""
_TIMES_NUMBER = re.compile(r"×[ ]?\d")
_LONGEST = 5
"""Words in the longest name of a unit."""


def find_unit(text: str, at: int) -> UnitAt | None:
    """The unit that stands at or just after `at`, with its rate ("a barrel", "/hour") if any."""
    gap = _GAP.match(text, at)
    begin = gap.end() if gap else at
    first = text[begin : begin + 1]
    if first in _CLOSING:
        return _bracketed(text, begin)
    found = _longest(text, begin, glued=begin == at)
    return with_rate(text, found) if found else None


def _bracketed(text: str, begin: int) -> UnitAt | None:
    """A symbol in brackets: "12 (km)"."""
    stop = text.find(_CLOSING[text[begin]], begin, begin + 8)
    unit = load_units()[1].get(text[begin + 1 : stop]) if stop > 0 else None
    return UnitAt(unit, stop + 1) if unit else None


def _longest(text: str, begin: int, *, glued: bool) -> UnitAt | None:
    """The longest name or symbol of a unit that begins at `begin`, where it can be one."""
    best = _symbol(text, begin, _name(text, begin), glued=glued)
    if best is None:
        return None
    following = text[best.end : best.end + 1]
    if following.isalnum() and text[best.end - 1].isalnum():
        return None
    if text[begin : best.end] == "in" and not _is_inch(text, best.end, begin, glued=glued):
        return None
    return best


def _name(text: str, begin: int) -> UnitAt | None:
    """The longest run of words at `begin` that names a unit, whatever parts the words."""
    names, _ = load_units()
    best: UnitAt | None = None
    words: list[str] = []
    at = begin
    for _ in range(_LONGEST):
        word = _WORD.match(text, at)
        if not word:
            break
        words.append(word.group().lower())
        for form in (text[begin : word.end()].lower(), " ".join(words)):
            variant = form if form in names else form.rstrip(".")
            if variant in names:
                best = UnitAt(names[variant], word.end() - (len(form) - len(variant)))
        at = word.end()
        if text[at : at + 1] in (" ", "-"):
            at += 1
    if text[begin : begin + 2] == "''":
        best = UnitAt(names["inch"], begin + 2)
    return best


def _symbol(text: str, begin: int, best: UnitAt | None, *, glued: bool) -> UnitAt | None:
    """The symbol at `begin` where it is longer than the name found before, else that."""
    _, symbols = load_units()
    mark = _SYMBOL.match(text, begin)
    for sign in (mark.group(), re.split(r"[·⋅./-]", mark.group())[0]) if mark else ():
        end = begin + len(sign)
        if sign not in symbols or (best is not None and end <= best.end):
            continue
        if text[end : end + 1].isalnum():
            continue
        if len(sign) == 1 and sign.isalpha() and not _is_plausible(sign, text, end, glued=glued):
            continue
        return UnitAt(symbols[sign], end)
    pair = text[begin : begin + 2]
    if best is None and len(pair) == 2 and pair in symbols and not pair.isascii():
        return UnitAt(symbols[pair], begin + 2)  # a letter with a vowel mark: "ரூ"
    single = text[begin : begin + 1]
    if best is None and glued and _is_feet(text, begin):
        return UnitAt(symbols["′"], begin + 1)
    if best is None and single in symbols and not single.isalnum():
        if _TIMES_NUMBER.match(text, begin):
            return None
        if single in '"”' and (not glued or _closes(text, begin)):
            return None
        return UnitAt(symbols[single], begin + 1)
    return best


def _is_feet(text: str, at: int) -> bool:
    """Whether an apostrophe after a number stands for feet: 5'11", 3' wide, 8' x 10'."""
    tall = _FEET_AND.match(text, at) and _FEET_BEFORE.search(text[max(0, at - 3) : at])
    if tall or _FEET_INCHES.match(text, at) or _FEET_SIDE.match(text, at):
        return True
    return text[at : at + 1] in ("'", "’") and bool(_SIDE_BEFORE.search(text[max(0, at - 12) : at]))


def _closes(text: str, at: int) -> bool:
    """Whether the quotation mark at `at` closes a quotation opened in its line."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    if text[at] == '"':
        return line.count('"') % 2 == 1
    return line.count("“") > line.count("”")


def _is_plausible(sign: str, text: str, end: int, *, glued: bool) -> bool:
    """Whether a unit of one letter is one here: letters mean too much else."""
    following = text[end : end + 1]
    if sign in "CFK" and following in ("-", ".", "&") and text[end + 1 : end + 2].isalnum():
        return False
    if sign in "CF" and not glued and following == "°":
        return False
    if sign in "KTRNJA" and glued:
        return False
    return not (sign in "sA" and not glued)


def _is_inch(text: str, end: int, begin: int, *, glued: bool) -> bool:
    """Whether "in" is the unit: glued, hyphened, or before "thick", "wide" or a stop."""
    return glued or text[begin - 1] == "-" or bool(_INCH_FOLLOWS.match(text, end))
