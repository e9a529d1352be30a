"""The story's text on a page: paragraphs, without headline, teasers and the site's own words."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from transforms.article.prune import prune_page

_DATA = Path(__file__).parents[1] / "data" / "article"

SHORT = 350
"""Characters below which the quick reading is doubted and the thorough one asked."""
_CHROME_LENGTH = 300
"""Characters from which a line is prose, whatever it begins with."""
_HEAD = 6
"""Lines at the head among which the headline and byline may stand again."""

_WORD = re.compile(r"\w+")
_BULLET = re.compile(r"^[-•*·]\s+")
_SPACE = re.compile(r"[ \t\r\f\v\u00a0\u2028\u2029]+")
_ENDED = re.compile(r"[.!?。！？…:;)\]\"'”’»“]\W*$")
_STAMP = re.compile(
    r"(?:(?:published|updated|posted|last|stand|aktualisiert|publié|on|at|um|uhr|gmt|utc|bst|e[sd]t|"
    r"[ap]\.?m\.?|mon|tues?|wed(?:nes)?|thur?s?|fri|satur|sat|sun|day|jan\w*|feb\w*|mar\w*|apr\w*|"
    r"may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*|min|read)\b|[\d\W_年月日時分])+",
    re.I,
)
_TAG = re.compile(r"<[^>]{1,200}>")
_BYLINE = re.compile(
    r"(?i:by|von|par|por|di|door|af|av|written by|story by):?\s+"
    r"[A-ZÀ-ÞĀ-Ž][\w'’.\-]*(?:,? (?:(?:and|und|et|y|e|en|og|och|&) )?[A-ZÀ-ÞĀ-Ž][\w'’.\-]*){1,9}"
)
_NAMES = re.compile(
    r"{0}(?: {0}){{1,3}}(?:(?:\s*[,/&]\s*| (?:and|und|et|y|e) ){0}(?: {0}){{1,3}}){{0,4}}".format(
        r"[A-ZÀ-ÞĀ-Ž][\w'’.\-]*[\w.]"
    )
)
_OFFICE = re.compile(
    r"^[^.!?:]{0,30}(?:redaktion|redaction|redacción|redação|redazione|newsroom|staff|desk|agenc(?:y|ies)|agentur\w*)\W*$",
    re.I,
)
_SIGNATURE = 60
_PARAGRAPH = 80
"""Characters from which a line is a paragraph rather than a heading."""


class Body(NamedTuple):
    """The story, one paragraph a line, and what stood in it that is no story."""

    text: str
    notices: list[str]
    """Lines of the site: rights, pointers, pleas."""
    byline: str | None
    """A line at the head that says "By" someone or, on a page without authors, names people."""
    signature: str | None
    """A short line at the end that says who it is by, such as "Newsroom" or "(dpa)"."""


def read_body(
    tree: HtmlElement,
    headlines: Sequence[str] = (),
    stated: str | None = None,
    authors: Sequence[str] = (),
) -> Body:
    """The story on a page.

    Args:
        tree: the parsed page; it is pruned in place.
        headlines: the page's headlines, which are stored apart from the text.
        stated: the ``articleBody`` of the page's JSON-LD, which tells where the story ends.
        authors: the people who wrote it, whose lives are told after the story.
    """
    prune_page(tree)
    lines = _clean(_extract(tree, fast=True))
    if sum(map(len, lines)) < SHORT:
        thorough = _clean(_extract(tree, fast=False))
        lines = max(lines, thorough, key=lambda found: sum(map(len, found)))
    lines, notices = _story(lines, headlines)
    if stated is not None:
        lines = _agree(lines, _clean(_TAG.sub(" ", html.unescape(stated))))
    byline = next((line for line in lines[:_HEAD] if _BYLINE.fullmatch(line)), None)
    if byline is None and not authors:
        byline = _names_alone(lines, headlines)
    if byline is not None:
        lines.remove(byline)
    while len(lines) > 2 and _tells_of(lines[-1], authors):
        notices.append(lines.pop())
    return Body("\n".join(lines), notices, byline, _signature(lines))


def _extract(tree: HtmlElement, *, fast: bool) -> str:
    # deduplicate: its memory of earlier pages makes results depend on their order
    found: Any = bare_extraction(
        tree,
        with_metadata=False,
        deduplicate=False,
        include_comments=False,
        include_tables=False,
        fast=fast,
        favor_recall=fast,
    )
    return str(found.text or "") if found is not None else ""


def _clean(text: str) -> list[str]:
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    return [line for line in lines if line]


def _story(lines: list[str], headlines: Sequence[str]) -> tuple[list[str], list[str]]:
    """`lines` without the headline, times of publication and the site's phrases; these phrases."""
    chrome = load_chrome()
    titles = {_words(h) for h in headlines} - {""}
    kept: list[str] = []
    notices: list[str] = []
    for place, line in enumerate(lines):
        bare = _BULLET.sub("", line)
        if len(bare) < _CHROME_LENGTH and chrome.match(bare):
            notices.append(bare)
            continue
        if place < _HEAD and (_words(bare) in titles or _STAMP.fullmatch(bare)):
            continue
        kept.append(line)
    while len(kept) > 2 and len(kept[-1]) < 40 and _STAMP.fullmatch(_BULLET.sub("", kept[-1])):
        kept.pop()
    # a word or two after the last sentence are a heading whose block is gone
    while len(kept) > 2 and len(kept[-1]) < 40 and not _ENDED.search(kept[-1]):
        if len(kept[-2]) < 80 or not _ENDED.search(kept[-2]):
            break
        kept.pop()
    return kept, notices


def _agree(lines: list[str], stated: list[str]) -> list[str]:
    """`lines` up to where the story as stated ends; the statement itself where they miss it.

    What stands before it may be a summary, which statements leave out.

    A statement that is cut short or is of another text is not followed.
    """
    told = _shingles(" ".join(stated))
    if len(told) < 40:
        return lines
    found = [_shingles(line) for line in lines]
    have = set().union(*found)
    common = len(told & have)
    if not lines:
        return stated
    if common < 0.6 * len(told):
        # most of the story is not on the page as read, and what was read is part of it
        return stated if common > 0.8 * len(have) and len(told) > 1.5 * len(have) else lines
    truncated = re.search(r"(?:\.\.\.|…|\[\.*\])\W*$", stated[-1]) is not None
    if truncated or len(told) < 0.5 * len(have) or common < 0.8 * len(told):
        return lines
    inside = [bool(own) and len(own & told) >= 0.5 * len(own) for own in found]
    return lines[: len(inside) - inside[::-1].index(True)]


def _tells_of(line: str, authors: Sequence[str]) -> bool:
    """Whether `line` says who an author is: "Ann Tolland is a reporter in Brackwater"."""
    return len(line) < 500 and any(
        re.match(rf"(?:[\w'’. ]{{0,30}}\s)?{re.escape(name)}(?:,|\s+(?:is|was|has|covers|writes|"
                 r"reports|joined|works|ist|schreibt|arbeitet|berichtet|est|es|è|é)\b)", line)
        for name in authors
    )  # fmt: skip


def _names_alone(lines: Sequence[str], headlines: Sequence[str]) -> str | None:
    """A line before the first paragraph that is but one or more full names, as in old systems."""
    told = " ".join(map(_words, headlines)).split()
    for place, line in enumerate(lines[: min(_HEAD - 2, len(lines) - 1)]):
        if len(line) >= _PARAGRAPH:
            break
        names = _NAMES.fullmatch(line)
        if (
            names
            and len(lines[place + 1]) >= _PARAGRAPH
            and not set(_words(line).split()) & set(told)
        ):
            return line
    return None


def _signature(lines: Sequence[str]) -> str | None:
    """The last line where it names an office or agency and is no sentence."""
    last = lines[-1] if len(lines) > 1 else ""
    return last if len(last) <= _SIGNATURE and _OFFICE.search(last) else None


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))} if words else set()


@cache
def load_chrome() -> re.Pattern[str]:
    """The beginnings of lines that are the site's and not the story's, as one pattern."""
    lines = (_DATA / "chrome.txt").read_text(encoding="utf-8").splitlines()
    phrases = "|".join(f"(?:{line})" for line in lines if line and not line.startswith("#"))
    return re.compile(phrases, re.I)
