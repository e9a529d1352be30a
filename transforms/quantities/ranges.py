"""Ranges and lists: numerals that share a unit, a scale or a sign."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from transforms.language.document import Document
from transforms.quantities.apart import is_given, is_phone, is_step
from transforms.quantities.bound import find_bound_before
from transforms.quantities.item import Item
from transforms.quantities.lexicon import bounds
from transforms.quantities.pair import Pair, find_pair
from transforms.quantities.score import is_score
from transforms.quantities.sharing import share, share_list

_DASH = re.compile(r"[ ]?[-–—~‑][ ]?|[ ]?-?[ ]to[ ]|-to-|-[ ]?to[ ]")
_TO = re.compile(
    r",?[ ](?:to|through)[ ](?:(?:about|nearly|roughly|around|just|an?|over|almost)[ ])?"
)
_AND = re.compile(r"[ ](?:and|and the)[ ](?:the[ ])?")
_BUT = re.compile(r",?[ ](?:and|but)[ ](.+?)[ ](?:an?[ ])?")
_WHEN = r"(?:,?[ ](?:in|on|at|last|this|a|the|during|for)[ ][\w' -]{2,26}?,?)?"
_FROM = re.compile(_WHEN + r",?[ ]from[ ](?:an?[ ])?", re.IGNORECASE)
_LATER = re.compile(
    _WHEN + r"[ ]to[ ](?:(?:(?:more|fewer|less)[ ]than|about|nearly|almost|over|around|just|some"
    r"|at[ ]least|up[ ]to|roughly)[ ])?",
    re.IGNORECASE,
)
_PLUS_MINUS = re.compile(r"[ ]?(?:±|\+/[-−]|\+-)[ ]?|,?[ ](?:plus or minus|give or take)[ ]")
_BETWEEN = re.compile(r"\bbetween[ ](?:the[ ]|about[ ]|around[ ]|an?[ ])?$")
_LOWER = frozenset({"more_than", "at_least"})
_UPPER = frozenset({"less_than", "at_most"})


def join_ranges(document: Document, items: Sequence[Item]) -> list[Item]:
    """The items with each range made one item, and units shared along lists.

    The two numbers of a score ("3-1") get the kind "score", which is no quantity.
    """
    out: list[Item] = []
    for item in items:
        pair = find_pair(document, out[-1], item) if out else None
        if pair is None or not any(rule(pair) for rule in _RULES):
            out.append(item)
    for index in range(len(out) - 1, 0, -1):
        share_list(document, out[index - 1], out[index])
    return out


def _between(pair: Pair) -> bool:
    """ "between 20 and 30"."""
    if not (_BETWEEN.search(pair.before) and _AND.fullmatch(pair.between) and pair.same_unit):
        return False
    _merge(pair, "range.between")
    return True


def _dashed(pair: Pair) -> bool:
    """ "20-30", "20 to 30", "$10 to $15 billion"; marks scores."""
    low, high, to = pair.low, pair.high, "to" in pair.between
    if not (_DASH.fullmatch(pair.between) and pair.same_unit):
        return False
    linked = low.unit is None or low.prefixed or pair.since
    if to and not linked and (low.unit != high.unit or high.prefixed):
        return False
    if to and not pair.since and (is_step(pair) or is_given(pair)):
        return False
    if is_score(pair.document, low, high, to=to and not pair.since):
        low.kind = high.kind = "score"
        return False
    assert low.value is not None
    assert high.value is not None
    if not to and (low.numeral.form != high.numeral.form or is_phone(pair)):
        low.kind = high.kind = "score"
        return False
    if low.numeral.form == "ordinal" or (low.value > high.value and not pair.since and not to):
        return False
    priced = low.unit is None and high.unit is not None and high.unit.kind == "money"
    if to and not pair.since and priced and low.numeral.grouped:
        return False  # "sold 12,000 to $15 buyers": a count and a price
    _merge(pair, "range.to" if to else "range.dash")
    return True


def _from_to(pair: Pair) -> bool:
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


def _bounded(pair: Pair) -> bool:
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


def _plus_minus(pair: Pair) -> bool:
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


_RULES: tuple[Callable[[Pair], bool], ...] = (_between, _dashed, _from_to, _bounded, _plus_minus)


def _merge(pair: Pair, rule: str) -> None:
    """Makes the first item the range of both, with the numbers before and after a change."""
    low, high = pair.low, pair.high
    share(low, high)
    ends = (low.value or 0.0, high.value or 0.0)
    low.low, low.high, low.value = min(ends), max(ends), None
    if rule in ("range.from_to", "range.to_from") or (rule == "range.to" and pair.since):
        low.was, low.now = ends if rule != "range.to_from" else ends[::-1]
    low.end, low.last, low.unit = high.end, high.last, high.unit or low.unit
    low.kind = low.kind or high.kind
    low.rule, low.joined = rule, True
