"""A parsed text as plain lists: all that annotators see of a language pipeline.

Nothing here knows spaCy, so another engine (a transformer, GLiNER) can fill the same shape, a
document crosses process boundaries cheaply, and Python loops over lists cost a fraction of
attribute access on spaCy tokens.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple


class Name(NamedTuple):
    """A name the pipeline found: tokens [first, last) and its OntoNotes label (PERSON, GPE...)."""

    first: int
    last: int
    label: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its tokens, sentences and names; every list has one item a token.

    Attributes:
        text: the text that all offsets refer to.
        words: token texts; ``text[starts[i]:ends[i]] == words[i]``.
        starts, ends: code point offsets, end exclusive.
        lowers: lower-cased words.
        lemmas: lemmas, lower case but for names.
        tags: Penn Treebank tags.
        pos: Universal Dependencies parts of speech.
        deps: ClearNLP dependency labels (nsubj, dobj, nummod...).
        heads: index of each token's head; a root is its own head.
        sentences: token ranges [first, last) that cover all tokens.
        names: names in order of position, not overlapping.
    """

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    lowers: list[str]
    lemmas: list[str]
    tags: list[str]
    pos: list[str]
    deps: list[str]
    heads: list[int]
    sentences: list[tuple[int, int]]
    names: list[Name]
    _children: dict[int, list[int]] = field(default_factory=dict, repr=False, compare=False)
    _firsts: list[int] = field(default_factory=list, repr=False, compare=False)
    _places: dict[str, list[int]] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.words)

    def children(self, token: int) -> Sequence[int]:
        """Indices of the tokens that depend on `token`, in order of position."""
        if not self._children:
            below = self._children
            for index, head in enumerate(self.heads):
                if head in below:
                    below[head].append(index)
                else:
                    below[head] = [index]
            for index, head in enumerate(self.heads):
                if head == index:
                    below[index].remove(index)
        return self._children.get(token, ())

    def subtree(self, token: int) -> list[int]:
        """Indices of `token` and all that depends on it, in order of position."""
        found, queue = [token], [token]
        while queue:
            below = self.children(queue.pop())
            found.extend(below)
            queue.extend(below)
        return sorted(found)

    def sentence_of(self, offset: int) -> int:
        """Ordinal of the sentence that holds the code point `offset`."""
        if not self._firsts:
            self._firsts.extend(self.starts[first] for first, _ in self.sentences)
        return max(0, bisect_right(self._firsts, offset) - 1)

    def places(self) -> Mapping[str, Sequence[int]]:
        """Each lower-cased word of the text with the tokens that it is, in order of position.

        What looks for the words of a list asks here, rather than every token for its word.
        """
        if not self._places:
            for index, word in enumerate(self.lowers):
                self._places.setdefault(word, []).append(index)
        return self._places

    def find_words(self, words: Set[str]) -> list[int]:
        """The tokens that are one of the lower-cased `words`, in order of position."""
        places = self.places()
        return sorted(index for word in places.keys() & words for index in places[word])

    def token_at(self, offset: int) -> int:
        """Index of the last token that starts at or before the code point `offset`."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def surface(self, first: int, last: int) -> str:
        """The text of tokens [first, last)."""
        return self.text[self.starts[first] : self.ends[last - 1]]
