"""What is kept of a text to tell whether another is the same story: a sample of its shingles.

A shingle is three words in a row. The sample is the `SAMPLE` shingles with the smallest hashes
(Broder 1997, bottom-k sketch): a wire story is kept whole, a long read gives an unbiased sample.
Hashes are CRC-32 of words and integer arithmetic, the same on every machine and in every release.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

VERSION = "2"

SHINGLE = 3
"""Words in a shingle."""
SAMPLE = 256
"""Shingles kept of a text; one more than the longest text that is compared exactly."""
NUMBERS = 16
"""Distinct numbers kept of a text."""
FEW_WORDS = 8
"""A text of fewer words ("Watch the video above.") is told from others by its headline too."""
NONE = np.uint32(0xFFFFFFFF)
"""Fills a row that has fewer shingles or numbers."""

Array = npt.NDArray[Any]

# languages without spaces give one word a character
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")
# odd multipliers of splitmix64 (Steele, Lea, Flood 2014), public domain
_PLACES = tuple(map(np.uint64, (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)))


@dataclass(frozen=True, slots=True)
class Sketches:
    """Sketches of texts, one a row.

    Attributes:
        shingles: hashes of the sampled shingles, ascending, filled up with `NONE`.
        sizes: distinct shingles of the whole text.
        numbers: hashes of its numbers, ascending, filled up with `NONE`.
        words: hash of all its words in order: equal where texts differ in case, space and
            punctuation only.
        sources: hash of the outlet; 0 where unknown.
    """

    shingles: Array
    sizes: Array
    numbers: Array
    words: Array
    sources: Array

    def __len__(self) -> int:
        return len(self.sizes)

    def take(self, rows: Array | slice) -> Sketches:
        """The sketches of these rows."""
        return Sketches(*(column[rows] for column in self.columns))

    @property
    def columns(self) -> tuple[Array, ...]:
        """The arrays, in the order of the fields."""
        return (self.shingles, self.sizes, self.numbers, self.words, self.sources)


def sketch(
    texts: Sequence[str],
    headlines: Sequence[str | None] | None = None,
    sources: Sequence[str | None] | None = None,
) -> Sketches:
    """The sketches of texts, in their order.

    Args:
        texts: any length, any language.
        headlines: only looked at where a text has hardly a word of its own.
        sources: the outlet of each text.
    """
    made = empty(len(texts))
    for row, text in enumerate(texts):
        words = to_words(text)
        if len(words) < FEW_WORDS and headlines is not None:
            words += to_words(headlines[row] or "")
        _fill(made.shingles[row], shingles := _shingles(words))
        made.sizes[row] = len(shingles)
        _fill(made.numbers[row], _numbers(words))
        made.words[row] = _digest("\n".join(words) if words else text.strip())
        if sources is not None and sources[row]:
            made.sources[row] = _digest(str(sources[row]))
    return made


def empty(rows: int) -> Sketches:
    """Sketches of texts without a word."""
    return Sketches(
        np.full((rows, SAMPLE), NONE, np.uint32),
        np.zeros(rows, np.uint32),
        np.full((rows, NUMBERS), NONE, np.uint32),
        np.zeros(rows, np.uint64),
        np.zeros(rows, np.uint64),
    )


def join(parts: Sequence[Sketches]) -> Sketches:
    """All rows of several, in order."""
    if not parts:
        return empty(0)
    return Sketches(*(np.concatenate(c) for c in zip(*(p.columns for p in parts), strict=True)))


def to_words(text: str) -> list[str]:
    """The words of a text in lower case; punctuation and white space are gone."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _WORD.findall(text.lower())


def _shingles(words: list[str]) -> Array:
    if not words:
        return np.empty(0, np.uint32)
    hashes = _hashes(words)
    if len(words) < SHINGLE:
        hashes = np.concatenate([hashes, np.zeros(SHINGLE - len(words), np.uint64)])
    last = len(hashes) - SHINGLE + 1
    mixed = sum(
        (hashes[place : place + last] * factor for place, factor in enumerate(_PLACES)),
        start=np.zeros(last, np.uint64),
    )
    return np.unique(_scatter(mixed))


def _numbers(words: list[str]) -> Array:
    found = [word for word in words if word[0].isdecimal()]
    return np.unique(_scatter(_hashes(found))) if found else np.empty(0, np.uint32)


def _hashes(words: list[str]) -> Array:
    encoded = "\n".join(words).encode("utf-8", "surrogatepass").split(b"\n")
    return np.fromiter(map(zlib.crc32, encoded), np.uint64, len(words))


def _scatter(mixed: Array) -> Array:
    """32 well-spread bits of each number; never `NONE`."""
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _PLACES[1]
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _PLACES[2]
    high: Array = np.minimum(mixed >> np.uint64(32), NONE - np.uint32(1))
    return high.astype(np.uint32)


def _fill(row: Array, values: Array) -> None:
    kept = values[: len(row)]
    row[: len(kept)] = kept


def _digest(text: str) -> int:
    raw = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw, "little")
