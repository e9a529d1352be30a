"""What stands on a page beside the story: marked by its element, its class or its links."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from lxml import etree
from lxml.html import HtmlElement

_DATA = Path(__file__).parents[1] / "data" / "article"
Sizes = defaultdict[HtmlElement, int]

_GONE = frozenset({"nav", "footer", "figcaption", "button", "form", "dialog", "template", "select"})
_BLOCKS = frozenset({"p", "li", "h2", "h3", "h4", "h5", "h6", "td", "blockquote"})
_BOXES = frozenset({"div", "p", "h2", "h3", "h4", "h5", "h6", "article", "section", "ul", "li"})
_HOLDERS = frozenset({"div", "section", "aside", "article", "p", "span", "ul", "ol", "li", "table"})
# what holds the story itself; WordPress puts every tag and category of a post in its class
_BODY = re.compile(
    r"article[-_]*(?:body|text|content)|story[-_]*body|(?:entry|post)[-_]content|hentry|type-post",
    re.I,
)
_UNSEEN = frozenset({"script", "style", "noscript", "svg", "head"})
_MOSTLY = 0.5
"""Of the text of a list's items: where each is a link to this extent, the list points elsewhere."""
_SHARE = 0.3
"""Of the page's text: a block holding more is no aside, whatever its class says."""


def prune_page(tree: HtmlElement) -> None:
    """Take out of `tree` what is not story: teasers, boxes, captions, forms. Changes the tree."""
    aside = load_classes()
    # most marks of a page stand on it many times
    seen: dict[str, bool] = {}
    doomed: list[HtmlElement] = []
    suspects: list[HtmlElement] = []
    links: list[HtmlElement] = []
    elements = [element for element in tree.iter(etree.Element) if element.tag not in _UNSEEN]
    for element in elements:
        tag = element.tag
        if tag == "a":
            links.append(element)
        elif tag in _GONE:
            doomed.append(element)
        elif tag in _HOLDERS:
            mark = f"{element.get('class') or ''} {element.get('id') or ''}"
            if mark not in seen:
                seen[mark] = bool(aside.search(mark)) and not _BODY.search(mark)
            if seen[mark]:
                suspects.append(element)
    if suspects:
        text, prose = _measure(elements)
        most = _SHARE * text[tree], _SHARE * prose[tree]
        doomed += (e for e in suspects if text[e] <= most[0] and prose[e] <= most[1])
    for element in doomed + _teasers(links):
        if element.getparent() is not None:
            element.drop_tree()


def _measure(elements: list[HtmlElement]) -> tuple[Sizes, Sizes]:
    """Characters of text in each element, and of those in paragraphs; in one pass from below."""
    text: Sizes = defaultdict(int)
    prose: Sizes = defaultdict(int)
    for element in reversed(elements):
        text[element] += len(element.text or "")
        if element.tag == "p":
            prose[element] = text[element]
        parent = element.getparent()
        if parent is not None:
            text[parent] += text[element] + len(element.tail or "")
            prose[parent] += prose[element]
    return text, prose


def _teasers(links: list[HtmlElement]) -> list[HtmlElement]:
    """Blocks whose text is links, lists of links, and links around whole blocks."""
    found: dict[HtmlElement, int] = defaultdict(int)
    cards: list[HtmlElement] = []
    for link in links:
        if any(child.tag in _BOXES for child in link.iter()):
            cards.append(link)
            continue
        for ancestor in link.iterancestors():
            if ancestor.tag in _BLOCKS:
                found[ancestor] += _weight(link)
                break
    shares = {block: linked / (_weight(block) or 1) for block, linked in found.items()}
    lists: dict[HtmlElement, int] = defaultdict(int)
    for block, share in shares.items():
        if block.tag == "li" and share >= _MOSTLY:
            lists[block.getparent()] += 1
    pointing = [whole for whole, items in lists.items() if items > 1 and items == len(whole)]
    return cards + pointing + [block for block, share in shares.items() if share == 1]


def _weight(element: HtmlElement) -> int:
    return sum(map(str.isalnum, element.text_content()[:1000]))


@cache
def load_classes() -> re.Pattern[str]:
    """The words in a class or id that mark an aside, as one pattern."""
    lines = (_DATA / "asides.txt").read_text(encoding="utf-8").splitlines()
    words = "|".join(line.strip() for line in lines if line.strip() and not line.startswith("#"))
    return re.compile(rf"(?<![a-z])(?:{words})", re.I)
