"""A numeral with what is attached to it: sign, currency, scale letters, unit."""

from __future__ import annotations

import re

from transforms.language.document import Document
from transforms.quantities.age import read_age
from transforms.quantities.item import Item, locate
from transforms.quantities.lexicon import word_list
from transforms.quantities.money import read_scale_after, read_tail
from transforms.quantities.numerals.numeral import Numeral
from transforms.quantities.numerals.suffix import read_suffix
from transforms.quantities.sign import find_sign, read_below
from transforms.quantities.units.currency import find_prefix
from transforms.quantities.units.find import find_unit
from transforms.quantities.units.rate import find_rate, per
from transforms.quantities.units.table import Unit, UnitAt

MULTIPLE = Unit("time", None, "multiple")
_ORDINAL = re.compile(r"(?:(?<=1)(?<!11)st|nd|rd|th)\b", re.IGNORECASE)
_RANK = re.compile(r"(?:\bno\.|\bnumber|\branked|#|№|\bnos\.)[ ]?$", re.IGNORECASE)
_MULTIPLE = re.compile(r"(?:[ -]?fold|x)\b")
_OTHERS_SIGN = re.compile(r"\d[ ]?[$€£¥¢][ ]$")
_NAME_BEFORE = re.compile(r"\b[A-Z][a-z]+[ ]$")
_HOT = 200.0
"""Degrees from which a number after a name is more likely a model."""
_BEFORE_HYPHEN = re.compile(
    r"(?:\b(?:sub|minus|over|under|about|foot|feet|ft|by)|\bto)-$", re.IGNORECASE
)
_SIDE = re.compile(r"[x×]\d")
_SIGNS = "$£€¥"
_HYPHEN = "-‐‑"
_MODEL = re.compile(r"\b[A-Za-z]+\d+[A-Za-z]*-$")
_OF = re.compile(r"[ ]of[ ]")
_PART_OF = re.compile(r"(?:[ ]of)?[ ]an?[ ]")
_ONE_AND = re.compile(r"\ban?[ ]([a-z]+)[ ]and[ ]$", re.IGNORECASE)
_OF_WHAT = re.compile(r"[ ]of(?:[ ][A-Za-z][\w-]*){1,3}?(?=[ ](?:an?|per|each|every)[ ])")
_PERIODS = word_list("periods")


def read_item(document: Document, numeral: Numeral) -> Item | None:
    """The numeral with currency, scale, sign and unit; null where it is part of a longer word."""
    text = document.text
    prefix = _currency_before(text, numeral)
    negative = prefix is None and text[max(0, numeral.start - 1) : numeral.start] in ("-", "−")
    if negative and numeral.form == "digits":  # "$-5"
        prefix = find_prefix(text, numeral.start - 1)
        negative = prefix is not None and text[numeral.start - 2] in _SIGNS
        prefix = prefix if negative else None
    begin = prefix[1] if prefix else numeral.start
    spelled = numeral.form != "digits"
    if _is_inside_word(text, begin, spelled=spelled, priced=prefix is not None):
        return None
    if not spelled:
        read_suffix(text, numeral, prefix is not None)
    sign = ""
    if numeral.form in ("digits", "words", "fraction"):
        sign, begin = find_sign(text, begin, spelled=numeral.form == "words")
    sign = "-" if negative and prefix else sign
    value = numeral.value
    if sign == "-" and value is not None:
        value = -value
    item = Item(numeral, begin, numeral.end, value=value, low=numeral.low, high=numeral.high)
    item.sign = sign
    item.rule = f"vague-{numeral.policy}" if numeral.form == "vague" else numeral.form
    if prefix:
        item.unit, item.prefixed = prefix[0], True
        read_tail(text, item)
    elif not _read_after(text, item):
        return None
    read_below(text, item)
    if item.kind == "" and item.unit is None:
        if text[item.end : item.end + 1].isalpha() and not _SIDE.match(text, item.end):
            return None
        if _RANK.search(text[max(0, begin - 8) : begin]):
            item.kind = "rank"
    locate(document, item)
    return item


def _currency_before(text: str, numeral: Numeral) -> tuple[Unit, int] | None:
    if numeral.form not in ("digits", "words"):
        return None
    prefix = find_prefix(text, numeral.start)
    if prefix and _OTHERS_SIGN.search(text, max(0, prefix[1] - 2), numeral.start):
        return None  # "1 $ 5": the sign belongs to the number before it
    return prefix


def _is_inside_word(text: str, begin: int, *, spelled: bool, priced: bool) -> bool:
    """Whether a letter, an underscore or a hyphened word stands right before: "PLX-18", "v2"."""
    left = text[begin - 1] if begin else ""
    if not left:
        return False
    before = text[begin - 2] if begin > 1 else ""
    if left in "x×" and before.isdigit() and not spelled:
        return False  # "20x30 cm"
    if left.isalnum() or left in "_@":
        return True
    if spelled and text[max(0, begin - 6) : begin].lower() == "multi-":
        return True
    if left == "." and before.isalnum() and not priced and not spelled:
        return True
    if left in _HYPHEN and before.isdigit() and not spelled and _is_model_before(text, begin):
        return True
    if left not in _HYPHEN or spelled or not before.isalpha():
        return False
    return not _BEFORE_HYPHEN.search(text[max(0, begin - 9) : begin])


def _is_model_before(text: str, begin: int) -> bool:
    """Whether letters and digits stand before the hyphen: "i7-9700K"."""
    return bool(_MODEL.search(text[max(0, begin - 12) : begin]))


def _read_after(text: str, item: Item) -> bool:
    """Reads what follows the numeral: age, ordinal, multiple, unit; false where it is no number."""
    numeral = item.numeral
    if numeral.form == "ordinal":
        item.kind = "ordinal"
        return True
    if read_age(text, item):
        return True
    if numeral.form == "digits" and (match := _ORDINAL.match(text, numeral.end)):
        item.kind, item.end = "ordinal", match.end()
        return True
    if numeral.form in ("digits", "words") and (match := _MULTIPLE.match(text, numeral.end)):
        item.unit, item.kind, item.end = MULTIPLE, "ratio", match.end()
        return True
    if numeral.form == "fraction" and _and_a_half(text, item):
        return True
    found = find_unit(text, numeral.end)
    if found is None and numeral.form in ("vague", "fraction", "words"):
        of = (_PART_OF if numeral.form == "fraction" else _OF).match(text, numeral.end)
        found = find_unit(text, of.end() - 1) if of else None
    if found is None:
        glued = text[numeral.end : numeral.end + 1].isalnum()
        return bool(numeral.suffix) or not glued or bool(_SIDE.match(text, numeral.end))
    if _is_plural_of_year(text, numeral, found) or _is_model(text, numeral, found):
        return False
    if text[numeral.end : found.end] == " second" and numeral.value != 1:
        return True  # "two second-degree charges": an ordinal, seconds would be plural
    item.unit, item.end = found.unit, found.end
    if item.unit.kind == "money":
        read_scale_after(text, item)
    elif item.unit.kind == "measure":
        _rate_of(text, item)
    return True


def _and_a_half(text: str, item: Item) -> bool:
    """Whether one unit stands before the fraction: "an hour and a half"; then it is the sum."""
    match = _ONE_AND.search(text, max(0, item.start - 24), item.start)
    found = find_unit(text, match.start(1)) if match else None
    if match is None or found is None or found.end != match.end(1) or item.value is None:
        return False
    item.start, item.value, item.unit = match.start(), item.value + 1, found.unit
    item.rule = "sum.part"
    return True


def _rate_of(text: str, item: Item) -> None:
    """Takes the rate behind what is measured into the unit: "2 million barrels of oil a day"."""
    assert item.unit is not None
    match = _OF_WHAT.match(text, item.end)
    rate = find_rate(text, match.end()) if match else None
    if rate and rate[0] in _PERIODS:
        item.unit = per(item.unit, rate[0])


def _is_plural_of_year(text: str, numeral: Numeral, found: UnitAt) -> bool:
    """Whether the unit is the plural or genitive s of a year or decade ("the 1980s")."""
    if text[numeral.end : found.end] != "s" or numeral.value is None:
        return False
    return numeral.value % 10 == 0 or 1500 <= numeral.value <= 2199


def _is_model(text: str, numeral: Numeral, found: UnitAt) -> bool:
    """Whether a letter glued to the number names a model and no scale: "a Boeing 777F"."""
    if text[numeral.end : found.end] not in ("C", "F", "K") or (numeral.value or 0) < _HOT:
        return False
    return bool(_NAME_BEFORE.search(text, max(0, numeral.start - 12), numeral.start))
