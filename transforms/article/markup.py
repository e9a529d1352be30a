"""The paragraphs of a piece of HTML, XHTML or NITF that holds a story and nothing else."""

from __future__ import annotations

import re

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

_APART = frozenset(
    {
        "p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote",
        "section", "article", "header", "pre", "tr", "td", "th", "hr", "dd", "dt", "table", "aside",
        "hedline", "hl1", "hl2", "block", "body.content", "body.head", "media", "main",
    }
)  # fmt: skip
# what goes with a story and is not of it; the last five are NITF
_BESIDE = frozenset(
    {
        "head", "title", "script", "style", "figure", "figcaption", "template", "iframe", "svg",
        "button", "tobject", "docdata", "media", "body.end", "body.head",
    }
)  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_paragraphs(markup: str) -> list[str]:
    """The text of each block in order, white space squeezed; none where there is no text."""
    cleaned = _CONTROL.sub("", re.sub(r"^\s*<\?xml[^>]*\?>", "", markup))
    if "<" not in cleaned and "&" not in cleaned:
        return [line for part in cleaned.splitlines() if (line := " ".join(part.split()))]
    try:
        tree = lxml.html.document_fromstring(cleaned, ensure_head_body=True)
    except (etree.LxmlError, ValueError):
        return []
    # a line break in the source is white space; one of ours separates blocks
    parts: list[str] = []
    _collect(tree, parts)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\x00"))
    return [line for line in lines if line]


def _collect(root: HtmlElement, parts: list[str]) -> None:
    """Append the text below `root`, NUL at the borders of blocks; without recursion."""
    beside: HtmlElement | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            if beside is None:
                parts.append(element.tail or "")
            continue
        apart = element.tag in _APART
        if event == "start" and beside is None:
            if element.tag in _BESIDE:
                beside = element
            else:
                parts += ["\x00" if apart else "", element.text or ""]
        elif event == "end":
            if beside is element:
                beside = None
            if beside is None:
                parts += ["\x00" if apart else "", element.tail or ""]
