"""Headlines as a text would write them: in the text's case, with double quotation marks.

In title case no word tells a name, and single marks are hardly told from apostrophes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.language.document import Document
from transforms.language.pipeline import Language
from transforms.text import Text

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SINGLE = re.compile(r"(?<!\w)['‘](?=\w)([^'‘’]*(?:\w['’]\w[^'‘’]*)*)['’](?!\w)")
"""Words in single marks; an apostrophe within a word closes none."""
_TITLED = 0.6
"""Share of capitals among a headline's longer words from which it is in title case."""
_LONG = 4


def parse_headlines(language: Language, texts: Sequence[Text]) -> list[Document]:
    """The parse of each text's headline, whose offsets are those of the headline.

    Its words may differ from the headline's in case and marks; without a headline it is empty.
    """
    return list(language.parse(to_plain(text.headline or "", text.text) for text in texts))


def to_plain(headline: str, text: str) -> str:
    """The headline in sentence case and with double marks; as long as it was."""
    return _SINGLE.sub(r"“\1”", to_sentence_case(headline, text))


def to_sentence_case(headline: str, text: str) -> str:
    """The headline with small letters where the text has them; as long as the headline is.

    A headline that is not in title case, or all capitals, stays as it is.
    """
    words = list(_WORD.finditer(headline))
    longer = [w.group() for w in words if len(w.group()) >= _LONG]
    capital = sum(w[0].isupper() for w in longer)
    if len(longer) < 2 or capital < _TITLED * len(longer):
        return headline
    said = {word.group() for word in _WORD.finditer(text)}
    parts, at = [], 0
    for number, word in enumerate(words):
        parts.append(headline[at : word.start()])
        parts.append(_as_in(word.group(), said, number == 0))
        at = word.end()
    return "".join([*parts, headline[at:]])


def _as_in(word: str, said: set[str], first: bool) -> str:
    """The word in small letters unless the text knows it with a capital only."""
    small = word.lower()
    title = word[0] + small[1:]
    if len(small) != len(word) or (word in said and small not in said):
        return word
    if first or (title in said and small not in said):
        return title
    return small
