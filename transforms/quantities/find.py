"""Quantities of an article: every number with unit, bound, change and what it counts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from transforms.language.document import Document
from transforms.quantities.attach import find_counted, find_measured, phrase
from transforms.quantities.bound import find_modifier
from transforms.quantities.change import find_change
from transforms.quantities.item import Item
from transforms.quantities.join import join_ranges
from transforms.quantities.lexicon import number_words, word_list
from transforms.quantities.numbers import Numeral, find_numerals, read_suffix
from transforms.quantities.reject import is_name
from transforms.quantities.units import Unit, UnitAt, find_prefix, find_rate, find_unit, per
from transforms.text import Text
from warehouse.tables import Mention, Quantity, Time

VERSION = "1"

_AGE_AFTER = re.compile(
    r"[ ]?-?[ ]?(year|yr|month|week|day|hour)s?[ -]{1,3}olds?\b"
    r"|[ ](year|month|week|day)s?[ ]of[ ]age\b"
    r"|[ -]?(?:y\.?o\.?|y/o)(?![\w])|[ ]?-year-olds?\b",
    re.IGNORECASE,
)
_AGE_BEFORE = re.compile(
    r"\b(?:aged|ages|age|age of|ages of|aged between|ages between|aged from|aged about)[ ]$",
    re.IGNORECASE,
)
_AGE_IS = re.compile(
    r"\b(?:he|she|who|i)[ ](?:is|was|turned|am)[ ](?:only[ ]|just[ ]|now[ ]|about[ ])?$",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[ ]*(?:[.,;!?)]|$)|[ ](?:when|and|at|years|but|in|by)\b")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
_RANK = re.compile(r"(?:\bno\.|\bnumber|\branked|#|№|\bnos\.)[ ]?$", re.IGNORECASE)
_MULTIPLE = re.compile(r"(?:[ -]?fold|x)\b")
_FOLD = re.compile(r"([a-z]+?)-?fold")
_MINUS = re.compile(r"(?:^|[\s(\[$£€:])[-−–]$")
_WORD_MINUS = re.compile(r"\b(?:minus|negative)[ -]$", re.IGNORECASE)
_OTHERS_SIGN = re.compile(r"\d[ ][$€£¥][ ]$")
_BEFORE_HYPHEN = re.compile(r"(?:\b(?:sub|minus|over|under|about)|\bto)-$", re.IGNORECASE)
_HYPHEN = "-‐‑"
_AGE_NEXT = re.compile(r"[ ]*[,.;)]|[ ](?:of|from|has|have|was|is|who|and|had|on|said)\b")
_SAME = frozenset({" (", "/", " / ", " (about ", ", or ", " or "})
"""What stands between two statements of the same amount."""
_NOT_HALF = word_list("not_half")
_YEAR = Unit("year", "a", "age")
_MULTIPLE_UNIT = Unit("time", None, "multiple")
_ODDS = re.compile(r"[ ](?:in|out[ ]of)(?:[ ]every)?[ ]")
_TIME_UNITS = {
    "year": ("year", "a"), "yr": ("year", "a"), "month": ("month", "mo"), "week": ("week", "wk"),
    "day": ("day", "d"), "hour": ("hour", "h"),
}  # fmt: skip


def find_quantities(
    text: Text, document: Document, times: Sequence[Time], mentions: Sequence[Mention]
) -> list[Quantity]:
    """The quantities of a text in order of position.

    Args:
        text: the article version.
        document: its parse; all offsets refer to ``document.text``.
        times: temporal expressions found before; dates and clock times reject the numbers in them.
        mentions: names found before; persons tell ages ("Anna Kern, 44,").
    """
    if not len(document):
        return []
    body = document.text
    blocked = [(t.start, t.end) for t in times if t.timex_type in ("DATE", "TIME")]
    named = [(m.start, m.end) for m in mentions]
    persons = {m.end for m in mentions if m.type == "PERSON"}
    numerals = find_numerals(body, document.starts, document.ends, document.lowers)
    items: list[Item] = []
    signs: dict[int, str] = {}
    for numeral in numerals:
        item = _read(document, numeral, signs)
        if item is not None and not (items and item.start < items[-1].end):
            items.append(item)
    items += _folds(document)
    items.sort(key=lambda i: i.start)
    items = [i for i in join_ranges(document, _lists(body, items)) if i.kind != "score"]
    kept: list[Item] = []
    for item in items:
        _age(document, item, persons)
        if item.numeral.form == "fraction" and _is_period(document, item):
            continue
        bare = item.unit is None and item.kind == "" and item.numeral.scaled == 1.0
        if (
            bare
            and item.numeral.form in ("digits", "words")
            and is_name(document, item, _at(blocked, item), _at(named, item))
        ):
            continue
        if kept and item.start < kept[-1].end:
            continue
        kept.append(item)
    return _describe(document, kept, signs)


def _is_period(document: Document, item: Item) -> bool:
    """Whether "half" or "quarter" is one of a game or a year: "the second half"."""
    before = document.lowers[item.first - 1] if item.first else ""
    return document.lowers[item.last] in ("half", "quarter") and before in _NOT_HALF


def _at(blocked: Sequence[tuple[int, int]], item: Item) -> list[tuple[int, int]]:
    return [(a, b) for a, b in blocked if a < item.end and item.start < b]


def _tokens(document: Document, item: Item) -> None:
    item.first = max(0, bisect_right(document.starts, item.start) - 1)
    item.last = max(item.first, bisect_right(document.starts, item.end - 1) - 1)


def _read(document: Document, numeral: Numeral, signs: dict[int, str]) -> Item | None:
    """The numeral with currency, scale, sign and unit; null where it is part of a longer word."""
    text = document.text
    start = numeral.start
    prefix = find_prefix(text, start) if numeral.form in ("digits", "words") else None
    if prefix and _OTHERS_SIGN.search(text, max(0, prefix[1] - 2), start):
        prefix = None
    begin = prefix[1] if prefix else start
    left = text[begin - 1] if begin else ""
    spelled = numeral.form != "digits"
    dotted = left == "." and begin > 1 and text[begin - 2].isalnum()
    if left and (left.isalnum() or left in "_@" or (dotted and not prefix and not spelled)):
        return None
    glued = left != "" and left in _HYPHEN and begin > 1 and text[begin - 2].isalpha()
    if glued and not spelled and not _BEFORE_HYPHEN.search(text[max(0, begin - 9) : begin]):
        return None
    if numeral.form == "digits":
        read_suffix(text, numeral, prefix is not None)
    sign = ""
    value = numeral.value
    if value is not None and numeral.form in ("digits", "words", "fraction"):
        if _MINUS.search(text[max(0, begin - 2) : begin]) and numeral.form != "words":
            sign = "-"
        elif _WORD_MINUS.search(text[max(0, begin - 9) : begin]):
            sign = "-"
            begin -= 6 if text[begin - 6 : begin - 1].lower() == "minus" else 9
        elif left == "+" and not text[max(0, begin - 2) : begin - 1].isalnum():
            sign = "+"
        if sign == "-":
            value = -value
            if text[begin - 1 : begin] in "-−–" and begin:
                begin -= 1
    item = Item(numeral, begin, numeral.end, value=value, low=numeral.low, high=numeral.high)
    item.rule = numeral.form
    tail = text[numeral.end : numeral.end + 1]
    if numeral.form in ("ordinal",):
        item.kind = "ordinal"
    elif prefix:
        item.unit, item.prefixed = prefix[0], True
        _money_tail(text, item)
    else:
        age = _AGE_AFTER.match(text, numeral.end)
        if age:
            word = (age.group(1) or age.group(2) or "year").lower()
            item.unit = Unit(*_TIME_UNITS[word], "age")
            item.kind, item.end, item.rule = "age", age.end(), "age.old"
        elif numeral.form == "digits" and (match := _ORDINAL.match(text, numeral.end)):
            item.kind, item.end = "ordinal", match.end()
        elif numeral.form in ("digits", "words") and (match := _MULTIPLE.match(text, numeral.end)):
            item.unit, item.kind, item.end = _MULTIPLE_UNIT, "ratio", match.end()
        else:
            place = numeral.end
            if numeral.form == "vague" and text.startswith(" of ", place):
                place += 3
            found = find_unit(text, place)
            if found and _is_plural_of_year(text, numeral, found):
                return None
            if found:
                item.unit, item.end = found.unit, found.end
                if item.unit.kind == "money":
                    _scale_after(text, item)
            elif tail.isalnum() and not numeral.suffix:
                return None
    if item.unit is None and item.kind == "" and text[item.end : item.end + 1].isalpha():
        return None
    if item.kind == "" and item.unit is None and _RANK.search(text[max(0, begin - 8) : begin]):
        item.kind = "rank"
    _tokens(document, item)
    if sign:
        signs[item.start] = sign
    return item


def _is_plural_of_year(text: str, numeral: Numeral, found: UnitAt) -> bool:
    """Whether the unit is the plural or genitive s of a year or decade ("the 1980s")."""
    if text[numeral.end : found.end] != "s" or numeral.value is None:
        return False
    return numeral.value % 10 == 0 or 1500 <= numeral.value <= 2199


def _money_tail(text: str, item: Item) -> None:
    """Extends a sum by the currency said again ("$10 dollars", "$76 US") and by its rate."""
    assert item.unit is not None
    match = re.match(
        r"[ ]?(?:US|U\.S\.|USD|CAD|AUD|Cdn|Canadian|Australian)\b(?![ ](?:[A-Z]|government))",
        text[item.end :],
    )
    if match:
        item.end += match.end()
    else:
        again = find_unit(text, item.end)
        if (
            again
            and again.unit.kind == "money"
            and (again.unit == item.unit or "per" in again.unit.name)
        ):
            item.unit, item.end = again.unit, again.end
            return
    rate = find_rate(text, item.end)
    if rate:
        item.unit, item.end = per(item.unit, rate[0]), rate[1]


def _scale_after(text: str, item: Item) -> None:
    """Reads "75 USD million" and "48.5 MGBP": a scale behind the currency."""
    match = re.match(r"[ ](million|billion|trillion|thousand|mn|bn|m)\b", text[item.end :])
    if match and item.value is not None and item.numeral.scaled == 1.0:
        scale = {
            "million": 1e6,
            "mn": 1e6,
            "m": 1e6,
            "billion": 1e9,
            "bn": 1e9,
            "trillion": 1e12,
            "thousand": 1e3,
        }
        item.value *= scale[match.group(1)]
        item.numeral.scaled = scale[match.group(1)]
        item.end += match.end()


def _folds(document: Document) -> list[Item]:
    """Multiples in one word: "sixfold", "twice", "thrice"."""

    found = []
    for index, word in enumerate(document.lowers):
        value = {"twice": 2.0, "thrice": 3.0}.get(word)
        if value and not _compares(document, index):
            continue
        if value is None and word.endswith("fold") and len(word) > 5:
            match = _FOLD.fullmatch(word)
            entry = number_words().get(match.group(1)) if match else None
            value = entry[1] if entry and entry[0] in "UTH" else None
        if value is None:
            continue
        start, end = document.starts[index], document.ends[index]
        numeral = Numeral(start, end, value, "words")
        found.append(
            Item(
                numeral,
                start,
                end,
                index,
                index,
                value,
                unit=_MULTIPLE_UNIT,
                kind="ratio",
                rule="multiple",
            )
        )
    return found


def _bare(item: Item) -> bool:
    return item.unit is None and item.kind == "" and item.numeral.form in ("digits", "words")


def _compares(document: Document, index: int) -> bool:
    """Whether "twice" is a multiple and not a count of times: "twice as many", "twice the"."""
    after = document.lowers[index + 1] if index + 1 < len(document) else ""
    return after in ("as", "the", "that", "what", "their", "its", "his", "her")


def _lists(text: str, items: list[Item]) -> list[Item]:
    """The items with compound measures added up ("5 feet 2 inches") and odds made one."""
    out: list[Item] = []
    for item in items:
        left = out[-1] if out else None
        if (
            left is not None
            and left.value is not None
            and item.value is not None
            and item.value > 0
        ):
            between = text[left.end : item.start]
            if (
                _ODDS.fullmatch(between)
                and left.unit is None
                and item.unit is None
                and left.kind == item.kind == ""
                and 0 < left.value < item.value
                and item.value <= 1e6
                and left.numeral.scaled == item.numeral.scaled == 1.0
                and ("out" in between or left.numeral.form == "words" or left.value == 1)
                and not (1900 <= item.value <= 2100)
            ):
                left.value /= item.value
                left.end, left.last, left.kind, left.rule = item.end, item.last, "ratio", "ratio.in"
                continue
            if between == " over " and _bare(left) and _bare(item) and item.kind == "":
                left.value /= item.value
                left.end, left.last, left.kind, left.rule = item.end, item.last, "fraction", "over"
                continue
            factor = (
                _SMALLER.get((left.unit.name, item.unit.name)) if left.unit and item.unit else None
            )
            if (
                factor
                and re.fullmatch(r"[ ]?(?:,?[ ]?and[ ]|,[ ])?", between)
                and left.value == int(left.value)
                and item.value < factor
            ):
                left.value += item.value / factor
                left.end, left.last, left.rule = item.end, item.last, "measure.sum"
                continue
        out.append(item)
    return out


_SMALLER = {
    ("foot", "inch"): 12.0, ("pound", "ounce"): 16.0, ("stone", "pound"): 14.0,
    ("US dollar", "cent"): 100.0, ("euro", "cent"): 100.0, ("pound sterling", "penny"): 100.0,
}  # fmt: skip


def _age(document: Document, item: Item, persons: set[int]) -> None:
    """Makes an item an age where the words around it say so."""
    if (
        item.kind
        or (item.unit is not None and item.unit.kind != "duration")
        or item.numeral.form not in ("digits", "words")
    ):
        return
    text = document.text
    top = item.high if item.joined else item.value
    if top is None or not 0 < top <= 120:
        return
    before = text[max(0, item.start - 16) : item.start]
    if _AGE_BEFORE.search(before) and (
        item.unit is None or item.unit.name in ("year", "month", "week", "day")
    ):
        name = item.unit.name if item.unit else "year"
        item.unit = Unit(*_TIME_UNITS[name], "age")
        item.kind, item.rule = "age", "age.aged"
        return
    if item.unit is not None or item.joined or item.value != int(top):
        return
    after = text[item.end : item.end + 12]
    gap = 0
    while gap < 3 and item.start - gap > 0 and text[item.start - gap - 1] in ", (":
        gap += 1
    head = document.heads[item.last]
    counted = head > item.last and document.deps[item.last] == "nummod"
    if (
        item.start - gap in persons
        and gap
        and _AGE_NEXT.match(after)
        and text[item.start : item.end][:1].isdigit()
        and not (counted and "," not in before[-2:])
    ):
        item.unit, item.kind, item.rule = _YEAR, "age", "age.person"
    elif (
        before.endswith(", ")
        and text[item.start].isdigit()
        and re.match(r",[ ]|\.$|\.\s", after)
        and item.first > 1
        and top >= 1
    ):
        noun = item.first - 2
        if (
            document.tags[noun] in ("NNP", "NN")
            and document.pos[noun] in ("NOUN", "PROPN")
            and re.match(r",", after)
        ):
            item.unit, item.kind, item.rule = _YEAR, "age", "age.apposition"
    elif _AGE_IS.search(before) and _CLAUSE_END.match(after) and not counted:
        item.unit, item.kind, item.rule = _YEAR, "age", "age.is"


def _kind(item: Item) -> str:
    if item.kind:
        return item.kind
    if item.unit is not None:
        return {"multiple": "ratio"}.get(item.unit.kind, item.unit.kind)
    return ""


def _describe(document: Document, items: Sequence[Item], signs: dict[int, str]) -> list[Quantity]:
    """The rows of the items: kind, concept, modifier and change read off the sentence."""
    text = document.text
    rows: list[Quantity] = []
    previous: Item | None = None
    for item in items:
        _tokens(document, item)
        kind = _kind(item)
        if kind in ("", "rank") or kind == "ordinal":
            item.concept = find_counted(document, item)
            if not kind:
                kind = (
                    "count"
                    if item.concept
                    else "range"
                    if item.joined
                    else "fraction"
                    if item.numeral.form == "fraction"
                    else "cardinal"
                )
                if item.numeral.form == "fraction" and abs(item.value or 0) < 1:
                    kind = "fraction"
        elif kind in ("percent", "money", "measure"):
            item.kind = kind
            item.concept = find_measured(document, item)
        elif kind == "ratio":
            item.concept = (
                find_counted(document, item)
                if item.rule == "ratio.in"
                else find_measured(document, item)
            )
        elif kind == "duration":
            item.concept = None
        elif kind == "age":
            item.concept = _aged(document, item)
        item.kind = kind
        noun_end = (
            document.ends[item.concept[1] - 1]
            if item.concept and item.concept[0] > item.last
            else None
        )
        item.modifier, at = find_modifier(text, item.start, item.end, kind, noun_end)
        bound_first = item.first
        if at < item.start:
            bound_first = max(0, bisect_right(document.starts, at) - 1)
        item.change = find_change(document, item, bound_first, signs.get(item.start, ""))
        between = text[previous.end : item.start] if previous is not None else ""
        if previous is not None and previous.unit and item.unit and between in _SAME:
            item.concept = previous.concept
            item.modifier = previous.modifier if item.modifier == "exact" else item.modifier
            item.change = previous.change if item.change == "none" else item.change
        elif (
            kind == "cardinal"
            and previous is not None
            and previous.kind == "count"
            and document.deps[item.last] in ("conj", "dobj", "nummod")
            and document.heads[item.last] in range(previous.first, previous.last + 12)
        ):
            item.concept, item.kind, item.rule = previous.concept, "count", "count.ellipsis"
        rows.append(_row(document, item))
        previous = item
    return rows


def _aged(document: Document, item: Item) -> tuple[int, int] | None:

    if item.rule in ("age.person", "age.apposition"):
        at = item.first - 1
        while at > 0 and document.pos[at] == "PUNCT":
            at -= 1
        return phrase(document, at, 0) if document.pos[at] in ("NOUN", "PROPN") else None
    return find_measured(document, item)


def _row(document: Document, item: Item) -> Quantity:
    unit = item.unit
    if item.low is not None and item.high is not None and item.low > item.high:
        item.low, item.high = item.high, item.low
    concept = item.concept
    value = item.value
    low = high = None
    if item.low is not None and item.high is not None:
        if item.low == item.high:
            value = item.low
        else:
            low, high = item.low, item.high
    if concept:
        start, end = document.starts[concept[0]], document.ends[concept[1] - 1]
    return Quantity(
        start=item.start,
        end=item.end,
        rule=f"{item.kind}.{item.rule}" if "." not in item.rule else item.rule,
        kind=item.kind,
        value=value,
        value_low=low,
        value_high=high,
        modifier=item.modifier,
        change=item.change,
        unit=unit.name if unit else None,
        unit_symbol=unit.symbol if unit else None,
        concept=document.text[start:end] if concept else None,
        concept_start=start if concept else None,
        concept_end=end if concept else None,
    )
