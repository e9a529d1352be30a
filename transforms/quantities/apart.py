"""Two numbers with "to" or a dash between that are no range."""

from __future__ import annotations

import re

from transforms.quantities.bound import find_bound_before
from transforms.quantities.lexicon import changes
from transforms.quantities.pair import Pair

_CALL = re.compile(r"\b(?:call|calling|phone|tel|telephone|fax|contact|at|or|on)[.:]?[ ]$")
_STEP = 3.0
"""How many times a change its level is, at the least, where no unit tells a step from a range."""


def is_phone(pair: Pair) -> bool:
    """Whether a number of seven digits follows a word of calling: "call 555-0142"."""
    first, second = (i.end - i.start for i in (pair.low, pair.high))
    return first == 3 and second == 4 and bool(_CALL.search(pair.before))


def is_step(pair: Pair) -> bool:
    """Whether a change and the level after it are told: "rose $5 to $95", "by 12 to 245"."""
    low, high = pair.low, pair.high
    if not _is_moved(pair):
        return False
    if low.unit is not None:
        return high.prefixed
    assert low.value is not None
    assert high.value is not None
    return high.unit is None and high.value > _STEP * low.value


def is_given(pair: Pair) -> bool:
    """Whether a sum goes to so many: "owes $300 million to 40 banks"."""
    low, high = pair.low, pair.high
    if not low.prefixed or high.unit is not None or high.numeral.scaled > 1.0:
        return False
    counted = pair.document.heads[high.last] > high.last
    return low.numeral.scaled > 1.0 or (counted and pair.document.deps[high.last] == "nummod")


def _is_moved(pair: Pair) -> bool:
    """Whether the word before the first number, its bound apart, is a verb of change."""
    _, at = find_bound_before(pair.document.text, pair.low.start)
    before = pair.document.token_at(at) - 1
    if before > 0 and pair.document.lowers[before] == "by":
        before -= 1
    return before >= 0 and pair.document.lemmas[before] in changes()["verb"]
