"""Numbers made of two: "5 feet 2 inches", "one in five", "25 per 100,000", "6 L per 100 km"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.lexicon import load_rows
from transforms.quantities.score import is_score
from transforms.quantities.units.rate import per_amount
from transforms.quantities.units.table import load_units

_SUM = re.compile(r"[ ]?(?:,?[ ]?and[ ]|,[ ])?")
_ODDS = re.compile(r"[ ](?:in|out[ ]of)(?:[ ]every)?[ ]")
_PER = re.compile(r"[ ](?:[\w'-]+[ ]){0,4}?(?:per|for[ ]every|in[ ]every)[ ](?:every[ ])?")
_TO_ONE = re.compile(r"-to-|[ ]to[ ]|:")
_AMOUNT = re.compile(r"[ ](?:per|for[ ]every)[ ]")
_INCHES = re.compile(r"[ ]|-|")
_TWO_STEPS = 1000.0
"""The least factor between a unit of time and the one two steps below it."""
_FOOT = 12.0
"""Inches in a foot."""
_PER_AT_LEAST = 10.0
"""The least number that a rate can be per without being read as a unit: "per 10 people"."""
_SMALLER = {
    (large, small): (float(factor), whole)
    for large, small, factor, whole in load_rows("smaller.tsv")
}


def join_compounds(document: Document, items: Sequence[Item]) -> list[Item]:
    """The items with compound measures added up, and odds and ratios made one item each."""
    out: list[Item] = []
    for item in items:
        left = out[-1] if out else None
        if left is None or not _join(document, left, item):
            out.append(item)
    return out


def _join(document: Document, left: Item, item: Item) -> bool:
    """Joins the second item into the first where they are one number."""
    if left.value is None or item.value is None or item.value <= 0:
        return False
    between = document.text[left.end : item.start]
    if left.unit and item.unit is None and item.numeral.form == "fraction":
        return _add_part(left, item, between)
    if left.unit and item.unit:
        return _add(left, item, between) or _per_amount(left, item, between)
    if left.unit and left.unit.name == "foot" and item.bare:
        return _add_inches(document, left, item, between)
    if not (left.bare and item.bare) or len(between) > 40:
        return False
    if _ODDS.fullmatch(between) and _are_odds(document, left, item, between):
        return _divide(left, item, "ratio", "ratio.in")
    if between == " over ":
        return _divide(left, item, "fraction", "fraction.over")
    if _PER.fullmatch(between) and item.value >= _PER_AT_LEAST and item.numeral.form == "digits":
        return _divide(left, item, "ratio", "ratio.per")
    if between == " to " and is_score(document, left, item, to=True):
        return False
    if _TO_ONE.fullmatch(between) and item.value == 1 and left.value > 1 and left.end > left.start:
        return _divide(left, item, "ratio", "ratio.to_one")
    return False


def _add(left: Item, item: Item, between: str) -> bool:
    """Adds the smaller of two units of one measure: "5 feet 2 inches"."""
    assert left.unit is not None
    assert item.unit is not None
    assert left.value is not None
    assert item.value is not None
    factor, whole = _SMALLER.get((left.unit.name, item.unit.name), (0.0, ""))
    if not factor or not _SUM.fullmatch(between):
        return False
    third = left.rule.endswith(".sum")  # "2 hours, 3 minutes and 14 seconds"
    if third != (factor >= _TWO_STEPS) and left.unit.kind == "duration":
        return False
    if (left.value != int(left.value) and not third) or item.value >= factor:
        return False
    if left.unit.name == "year" and item.kind != "age":
        return False  # "two years and six months": the parts of a term stay as told
    left.value += item.value / factor
    left.end, left.last = item.end, item.last
    left.unit = left.unit if left.unit.name == whole else load_units()[0][whole]
    left.rule = f"{left.unit.kind}.sum"
    if item.kind == "age":  # "2 years and 3 months old"
        left.kind, left.rule = "age", item.rule
        left.unit = left.unit._replace(kind="age")
    return True


def _add_inches(document: Document, left: Item, item: Item, between: str) -> bool:
    """Adds inches said without their unit: "five foot nine", "6-foot-4"."""
    assert left.value is not None
    assert item.value is not None
    after = item.last + 1
    if not _INCHES.fullmatch(between) or left.value != int(left.value) or item.value >= _FOOT:
        return False
    if after < len(document) and document.tags[after] in ("NNS", "NNPS"):
        return False  # "dug 6 feet 4 times"
    left.value += item.value / _FOOT
    left.end, left.last, left.rule = item.end, item.last, "measure.sum"
    return True


def _per_amount(left: Item, item: Item, between: str) -> bool:
    """Makes a rate per so many of a unit: "6 litres per 100 km", "$5 per 1,000 gallons"."""
    assert left.unit is not None
    assert item.unit is not None
    if not _AMOUNT.fullmatch(between) or item.prefixed or item.joined:
        return False
    if left.unit.kind not in ("measure", "money") or item.unit.kind not in ("measure", "duration"):
        return False
    left.unit = per_amount(left.unit, item.value or 1.0, item.unit)
    left.end, left.last = item.end, item.last
    return True


def _add_part(left: Item, item: Item, between: str) -> bool:
    """Adds a fraction said after the unit: "two hours and a half"."""
    if between != " and " or left.value is None or item.value is None or not 0 < item.value < 1:
        return False
    left.value += item.value
    left.end, left.last = item.end, item.last
    left.rule = "sum.part"
    return True


def _are_odds(document: Document, left: Item, item: Item, between: str) -> bool:
    assert left.value is not None
    assert item.value is not None
    if not 0 < left.value < item.value <= 1e6 or 1900 <= item.value <= 2100:
        return False
    if "out" in between or "every" in between:
        return True
    tenth = item.value in (10.0, 100.0) and document.heads[left.last] == item.last
    return left.numeral.scaled == item.numeral.scaled == 1.0 and (
        left.numeral.form == "words" or left.value == 1 or tenth
    )


def _divide(left: Item, item: Item, kind: str, rule: str) -> bool:
    assert left.value is not None
    assert item.value is not None
    left.value /= item.value
    left.end, left.last, left.kind, left.rule = item.end, item.last, kind, rule
    return True
