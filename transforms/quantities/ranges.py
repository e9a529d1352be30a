"""Ranges and lists: numerals that share a unit, a scale or a sign."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from transforms.language.document import Document
from transforms.quantities.bound import find_bound_before
from transforms.quantities.item import Item
from transforms.quantities.lexicon import bounds, changes
from transforms.quantities.score import is_score

_DASH = re.compile(r"[ ]?[-–—~‑][ ]?|[ ]?-?[ ]to[ ]|-to-|-[ ]?to[ ]")
_TO = re.compile(
    r",?[ ](?:to|through)[ ](?:(?:about|nearly|roughly|around|just|an?|over|almost)[ ])?"
)
_AND = re.compile(r"[ ](?:and|and the)[ ](?:the[ ])?")
_BUT = re.compile(r",?[ ](?:and|but)[ ](.+?)[ ](?:an?[ ])?")
_LIST = re.compile(r"-?[ ](?:or|and)[ ]|-?,[ ](?:and[ ]|or[ ])?")
_WHEN = r"(?:,?[ ](?:in|on|at|last|this|a|the|during|for)[ ][\w' -]{2,26}?,?)?"
_FROM = re.compile(_WHEN + r",?[ ]from[ ](?:an?[ ])?", re.IGNORECASE)
_LATER = re.compile(
    _WHEN + r"[ ]to[ ](?:(?:(?:more|fewer|less)[ ]than|about|nearly|almost|over|around|just|some"
    r"|at[ ]least|up[ ]to|roughly)[ ])?",
    re.IGNORECASE,
)
_PLUS_MINUS = re.compile(r"[ ]?(?:±|\+/[-−]|\+-)[ ]?|,?[ ](?:plus or minus|give or take)[ ]")
_BETWEEN = re.compile(r"\bbetween[ ](?:the[ ]|about[ ]|around[ ]|an?[ ])?$")
_SINCE = re.compile(
    r"\bfrom[ ](?:(?:the|about|around|just|an?|nearly|(?:more|fewer|less)[ ]than|over|some)[ ])?$"
)
_CALL = re.compile(r"\b(?:call|calling|phone|tel|telephone|fax|contact|at|or|on)[.:]?[ ]$")
_APART = 40
"""Code points between two numbers of one range or list."""
_STEP = 3.0
"""How many times a change its level is, at the least, where no unit tells a step from a range."""
_LOWER = frozenset({"more_than", "at_least"})
_UPPER = frozenset({"less_than", "at_most"})


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two neighbouring numbers, the words between them, and those before the first."""

    document: Document
    low: Item
    high: Item
    between: str
    before: str

    @property
    def same_unit(self) -> bool:
        """Whether no two different units are said."""
        a, b = self.low.unit, self.high.unit
        return a == b or a is None or b is None

    @property
    def since(self) -> bool:
        """Whether "from" stands before the first."""
        return bool(_SINCE.search(self.before))


def join_ranges(document: Document, items: Sequence[Item]) -> list[Item]:
    """The items with each range made one item, and units shared along lists.

    The two numbers of a score ("3-1") get the kind "score", which is no quantity.
    """
    out: list[Item] = []
    for item in items:
        pair = _pair(document, out[-1], item) if out else None
        if pair is None or not any(rule(pair) for rule in _RULES):
            out.append(item)
    for index in range(len(out) - 1, 0, -1):
        _share_list(document, out[index - 1], out[index])
    return out


def _pair(document: Document, low: Item, high: Item) -> _Pair | None:
    """The pair of two numbers where they may be the ends of a range."""
    if low.end > high.start or high.start - low.end > _APART or low.joined:
        return None
    if low.value is None or high.value is None:
        return None
    if (low.numeral.form == "ordinal") != (high.numeral.form == "ordinal"):
        return None
    _align(low, high)
    before = document.text[max(0, low.start - 26) : low.start].lower()
    return _Pair(document, low, high, document.text[low.end : high.start], before)


def _align(low: Item, high: Item) -> None:
    """Gives the left of two sums the rate that only the right has: "€15 to €20 a day"."""
    if low.unit and high.unit and high.unit.name.startswith(f"{low.unit.name} per "):
        low.unit = high.unit


def _between(pair: _Pair) -> bool:
    """ "between 20 and 30"."""
    if not (_BETWEEN.search(pair.before) and _AND.fullmatch(pair.between) and pair.same_unit):
        return False
    _merge(pair, "range.between")
    return True


def _dashed(pair: _Pair) -> bool:
    """ "20-30", "20 to 30", "$10 to $15 billion"; marks scores."""
    low, high, to = pair.low, pair.high, "to" in pair.between
    if not (_DASH.fullmatch(pair.between) and pair.same_unit):
        return False
    linked = low.unit is None or low.prefixed or pair.since
    if to and not linked and (low.unit != high.unit or high.prefixed):
        return False
    if to and not pair.since and (_is_step(pair) or _is_given(pair)):
        return False
    if is_score(pair.document, low, high, to=to and not pair.since):
        low.kind = high.kind = "score"
        return False
    assert low.value is not None
    assert high.value is not None
    if not to and (low.numeral.form != high.numeral.form or _is_phone(pair)):
        low.kind = high.kind = "score"
        return False
    if low.numeral.form == "ordinal" or (low.value > high.value and not pair.since and not to):
        return False
    priced = low.unit is None and high.unit is not None and high.unit.kind == "money"
    if to and not pair.since and priced and low.numeral.grouped:
        return False  # "sold 12,000 to $15 buyers": a count and a price
    _merge(pair, "range.to" if to else "range.dash")
    return True


def _is_phone(pair: _Pair) -> bool:
    """Whether a number of seven digits follows a word of calling: "call 555-0142"."""
    first, second = (i.end - i.start for i in (pair.low, pair.high))
    return first == 3 and second == 4 and bool(_CALL.search(pair.before))


def _is_step(pair: _Pair) -> bool:
    """Whether a change and the level after it are told: "rose $5 to $95", "by 12 to 245"."""
    low, high = pair.low, pair.high
    if not _is_moved(pair):
        return False
    if low.unit is not None:
        return high.prefixed
    assert low.value is not None
    assert high.value is not None
    return high.unit is None and high.value > _STEP * low.value


def _is_given(pair: _Pair) -> bool:
    """Whether a sum goes to so many: "owes $300 million to 40 banks"."""
    low, high = pair.low, pair.high
    if not low.prefixed or high.unit is not None or high.numeral.scaled > 1.0:
        return False
    counted = pair.document.heads[high.last] > high.last
    return low.numeral.scaled > 1.0 or (counted and pair.document.deps[high.last] == "nummod")


def _is_moved(pair: _Pair) -> bool:
    """Whether the word before the first number, its bound apart, is a verb of change."""
    _, at = find_bound_before(pair.document.text, pair.low.start)
    before = pair.document.token_at(at) - 1
    if before > 0 and pair.document.lowers[before] == "by":
        before -= 1
    return before >= 0 and pair.document.lemmas[before] in changes()["verb"]


def _from_to(pair: _Pair) -> bool:
    """ "from 12 percent to about 9 percent"; "to 9 from 12"."""
    low, high = pair.low, pair.high
    shared = low.unit == high.unit or low.unit is None
    moved = low.unit == high.unit and _LATER.fullmatch(pair.between)
    if pair.since and (moved or (shared and _TO.fullmatch(pair.between))):
        _merge(pair, "range.from_to")
        return True
    if _FROM.fullmatch(pair.between) and low.unit == high.unit and low.unit is not None:
        _merge(pair, "range.to_from")
        return True
    return False


def _bounded(pair: _Pair) -> bool:
    """ "more than 10 and less than 40", "no more than 50 but at least 20"."""
    match = _BUT.fullmatch(pair.between)
    upper = bounds()[0].get(match.group(1).lower()) if match else None
    if upper is None or not pair.same_unit:
        return False
    lower, at = find_bound_before(pair.document.text, pair.low.start)
    ends = (pair.low.value, pair.high.value)
    if lower in _UPPER and upper in _LOWER:
        ends, lower, upper = ends[::-1], upper, lower
    assert ends[0] is not None
    assert ends[1] is not None
    if lower not in _LOWER or upper not in _UPPER or ends[0] >= ends[1]:
        return False
    _merge(pair, "range.bounds")
    pair.low.start = at
    return True


def _plus_minus(pair: _Pair) -> bool:
    """ "5 ± 1": the middle and both ends."""
    low, high = pair.low, pair.high
    if not (_PLUS_MINUS.fullmatch(pair.between) and pair.same_unit):
        return False
    assert low.value is not None
    assert high.value is not None
    middle, margin = low.value, abs(high.value)
    _merge(pair, "range.plus_minus")
    low.value, low.low, low.high = middle, middle - margin, middle + margin
    low.was = low.now = None
    return True


_RULES: tuple[Callable[[_Pair], bool], ...] = (_between, _dashed, _from_to, _bounded, _plus_minus)


def _share_list(document: Document, low: Item, high: Item) -> None:
    """Gives a number of a list the unit that only the one after it has: "5, 6 and 7 kg"."""
    if low.unit is not None or high.unit is None or low.kind or low.numeral.form == "ordinal":
        return
    between = document.text[low.end : high.start]
    if not _LIST.fullmatch(between) or low.numeral.form != high.numeral.form:
        return
    if high.prefixed and " or " not in between:
        return
    if low.end == document.ends[low.last] or between.startswith("-"):
        _share(low, high)


def _share(low: Item, high: Item) -> None:
    """Gives each of two numbers the unit, and the left the scale, that only the other has."""
    scaled = low.numeral.scaled == 1.0 and high.numeral.scaled > 1.0
    base = (high.value or 0.0) / high.numeral.scaled
    if low.unit is None and high.unit is not None:
        low.unit, low.kind = high.unit, low.kind or high.kind
        if scaled and not low.numeral.grouped and (low.value or 1000) < 1000 and base < 1000:
            low.value = (low.value or 0.0) * high.numeral.scaled
            return
    elif high.unit is None and low.unit is not None:
        high.unit = low.unit
    plain = low.numeral.form in ("digits", "words")
    if scaled and plain and low.value is not None and low.value < base < 1000:
        low.value *= high.numeral.scaled


def _merge(pair: _Pair, rule: str) -> None:
    """Makes the first item the range of both, with the numbers before and after a change."""
    low, high = pair.low, pair.high
    _share(low, high)
    ends = (low.value or 0.0, high.value or 0.0)
    low.low, low.high, low.value = min(ends), max(ends), None
    if rule in ("range.from_to", "range.to_from") or (rule == "range.to" and pair.since):
        low.was, low.now = ends if rule != "range.to_from" else ends[::-1]
    low.end, low.last, low.unit = high.end, high.last, high.unit or low.unit
    low.kind = low.kind or high.kind
    low.rule, low.joined = rule, True
