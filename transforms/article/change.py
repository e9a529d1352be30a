"""Whether an article's new text says something new, and how much of it changed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).parents[1] / "data" / "article"

LONGEST = 30_000
"""Words of the part that differs from which their order is no longer compared: the work grows
with the square."""
_SHORT = 160
"""Characters above which a line is prose, whatever it counts."""
_TOKEN = re.compile(r"\w+|[^\w\s]")
_SEPARATOR = re.compile(r"\s*(?:[|·•●∙]|\s[-–—/]\s)\s*")
# ways to set one and the same sign
_SAME = {
    **dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"), "…": "...",
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
}  # fmt: skip
_TYPOGRAPHY = str.maketrans(_SAME)


class Change(NamedTuple):
    """How a text differs from the one before.

    Attributes:
        cosmetic: nothing but white space, typography, counters and times of day changed.
        ratio: of the words and signs of both texts, the share that has no partner in the other, in
            order (one less twice their longest common subsequence over their sum): 0 where the
            change is cosmetic, 1 where nothing is in common. Of parts that differ over more than
            `LONGEST` words the order is not looked at.
    """

    cosmetic: bool
    ratio: float


def compare(
    old_headline: str | None, old_text: str, new_headline: str | None, new_text: str
) -> Change:
    """The change from one version of an article to the next, headline and text together."""
    if old_headline == new_headline and old_text == new_text:
        return Change(True, 0.0)
    old = _read(old_headline, old_text)
    new = _read(new_headline, new_text)
    if old == new:
        return Change(True, 0.0)
    total = len(old) + len(new)
    return Change(False, (total - 2 * _common(old, new)) / total)


def _read(headline: str | None, text: str) -> list[str]:
    """The words and signs that say something; those of the headline are told from the text's."""
    lines = (told for line in text.splitlines() if (told := _told(line)))
    said = [token for line in lines for token in _tokens(line)]
    return [f"\n{token}" for token in _tokens(headline or "")] + said


def _tokens(line: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFC", line).translate(_TYPOGRAPHY))


def _told(line: str) -> str:
    """`line` without the parts of it that count or tell the time; empty where it does only that."""
    line = line.strip()
    if len(line) > _SHORT:
        return line
    # a date may hold what separates parts elsewhere: "26 July 2020 - 14:32"
    if _counts(line):
        return ""
    parts = _SEPARATOR.split(line)
    kept = [part for part in parts if not _counts(part)]
    return line if len(kept) == len(parts) else " | ".join(kept)


def _counts(part: str) -> bool:
    """Whether `part` has a number or several words, and all of them only count or tell the time."""
    some = " " in part or any(map(str.isdigit, part))
    return some and load_counters().fullmatch(part) is not None


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """Length of the longest common subsequence.

    By bit vectors, one bit a word of `old` (Hyyrö 2004, "Bit-parallel LCS-length computation
    revisited"), after what both begin and end with.
    """
    head = next(
        (i for i, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]),
        min(len(old), len(new)),
    )
    old, new = old[head:], new[head:]
    tail = 0
    while tail < min(len(old), len(new)) and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old, new = old[: len(old) - tail], new[: len(new) - tail]
    if max(len(old), len(new)) > LONGEST:
        return head + tail + (Counter(old) & Counter(new)).total()
    places: dict[str, int] = {}
    for place, word in enumerate(old):
        places[word] = places.get(word, 0) | 1 << place
    everywhere = (1 << len(old)) - 1
    unpaired = everywhere
    for word in new:
        hits = unpaired & places.get(word, 0)
        unpaired = (unpaired + hits | unpaired - hits) & everywhere
    return head + tail + len(old) - unpaired.bit_count()


@cache
def load_counters() -> re.Pattern[str]:
    """A line of numbers, times and the words that go with them, with at least one of the latter."""
    lines = (_DATA / "counters.txt").read_text(encoding="utf-8").splitlines()
    words = "|".join(line for line in lines if line and not line.startswith("#"))
    number = r"\d[\d.,'’]*(?:st|nd|rd|th|[km]|º|\.)?(?!\w)"
    clock = r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?z?(?!\w)"
    date = r"\d{1,4}[-./]\d{1,2}[-./]\d{2,4}(?:t(?=\d)|(?!\w))"
    # a number alone counts nothing that is known; a time of day or a date is one by itself
    told = rf"(?:(?<!\w)(?:{words})(?!\w)|{date}|{clock})"
    sign = r"[\s(),:;\[\]+&|·•/–—-]"
    return re.compile(rf"(?:{sign}|{number})*{told}(?:{sign}|{told}|(?<!\w){number})*+", re.I)
