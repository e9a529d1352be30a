"""The language of a text: what it reads like, and what its page says where that is close."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import py3langid

_NEEDS = 60
"""Characters, and the same in bytes, from which a text is trusted to the detector."""
_READS = 400
"""Characters read at the beginning, and again from the middle, where little is the site's."""
_CONTENDERS = 8
"""Places among the detector's guesses that a close declared language must reach."""
_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "sh": "sr", "cmn": "zh"}
# languages whose texts a detector of letters mistakes for one another
_CLOSE = tuple(
    frozenset(group.split())
    for group in (
        "no da sv", "hr sr bs sl mk bg", "id ms jv", "cs sk", "gl pt es ca an oc",
        "zu xh st ss nr tn ts", "rw rn lg", "uk ru be bg mk", "af nl fy", "hi mr ne bh",
        "fa ps ur ar", "it co sc la mt", "de lb nds", "tr az uz tk", "kk ky tt", "fi et", "lt lv",
        "tl fil ceb", "bn as", "ga gd",
    )
)  # fmt: skip
# scripts that one language of the press writes
_SCRIPTS = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "THAI": "th", "GREEK": "el", "HEBREW": "he",
    "ARMENIAN": "hy", "GEORGIAN": "ka", "KHMER": "km", "LAO": "lo", "MYANMAR": "my", "TAMIL": "ta",
    "TELUGU": "te", "KANNADA": "kn", "MALAYALAM": "ml", "GUJARATI": "gu", "GURMUKHI": "pa",
    "SINHALA": "si", "ORIYA": "or", "ETHIOPIC": "am", "CJK": "zh",
}  # fmt: skip


def find_language(text: str, declared: Sequence[str] = ()) -> str | None:
    """ISO 639-1 (639-2 where there is none) of the text; null where nothing tells it.

    The text itself decides, since pages declare the language of their templates. A `declared`
    language (tags such as ``nb-NO`` or ``pt_BR``, best first) counts where the text is short, or
    reads like one that is close to it.
    """
    stated = [code for tag in declared if (code := to_code(tag))]
    sample = _sample(text)
    if len(sample.encode()) < _NEEDS:
        return stated[0] if stated else None
    by_script = _by_script(sample)
    if by_script:
        return by_script
    best = _same(py3langid.classify(sample)[0])
    close = [c for c in stated if c != best and any({c, best} <= group for group in _CLOSE)]
    if close and stated[0] != best:
        ranked = [_same(code) for code, _ in py3langid.rank(sample)[:_CONTENDERS]]
        return next((code for code in close if code in ranked), best)
    return best


def to_code(tag: str) -> str | None:
    """The language of a tag such as ``en-GB`` or ``de_DE``; null where it is no tag."""
    match = re.match(r"\s*([A-Za-z]{2,3})(?:[-_;,\s]|$)", tag)
    return _same(match[1].lower()) if match else None


def _same(code: str) -> str:
    return _SAME.get(code, code)


def _sample(text: str) -> str:
    middle = len(text) // 2
    if len(text) <= 2 * _READS:
        return text.strip()
    return f"{text[:_READS]} {text[middle : middle + _READS]}".strip()


def _by_script(sample: str) -> str | None:
    """The language that alone is written in the script of most letters; Japanese mixes three."""
    if sample.isascii():
        return None
    letters = [c for c in sample[:300] if c.isalpha()]
    scripts = Counter(_SCRIPTS.get(_script(c)) for c in letters)
    if scripts["ja"] > 0.1 * len(letters):
        return "ja"
    language, count = scripts.most_common(1)[0] if scripts else (None, 0)
    return language if count > 0.5 * len(letters) else None


def _script(letter: str) -> str:
    return "LATIN" if letter.isascii() else unicodedata.name(letter, "").split(" ")[0]
