"""Plain text and harmless addresses out of what a feed says.

What comes out holds no markup, however often it was escaped: a title that shows ``<script>`` as
words loses it. What is lost is small, and what a page would run is never stored.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

from lxml.html import defs

MAX_TEXT = 100_000
"""Characters of one value that are read."""
_MAX_ADDRESS = 8_000
_ROUNDS = 6
_DROPPED = "script|style|iframe|object|embed|applet|template|noscript|noembed|noframes|xmp|svg|math"
_INNER = re.compile(rf"({_DROPPED})(?![\w:-])", re.I)
_OPEN = re.compile(r"<(?=[A-Za-z/!?])")
# "a < b" is text, but a name that browsers act on is taken for a tag even after a space
_SPACED = re.compile(
    r"<\s+(?=/?\s*(?:script|style|iframe|object|embed|svg|math|img|link|meta|base|form|body|html|"
    r"input|video|audio|applet|frame|a\s+href)\b)",
    re.I,
)
_BLOCK = re.compile(
    r"/?(?:p|br|div|li|ul|ol|dl|dt|dd|h[1-6]|hr|table|tr|td|th|blockquote|pre|section|article|"
    r"figure|figcaption|header|footer)(?![\w:-])",
    re.I,
)
_ELEMENTS = frozenset(defs.tags) | frozenset(_DROPPED.split("|"))
_QUOTED = re.compile(r"\s*([\"'])")
# names that run something wherever they stand (HTML 8.1.8); "one=1" is none of them
_HANDLER = re.compile(
    r"\bon(?:abort|after|animation|auxclick|before|begin|blur|bounce|can|change|click|close|"
    r"contextmenu|copy|cut|dbl|drag|drop|duration|emptied|end(?:ed)?|error|finish|focus|form|full|"
    r"hashchange|help|input|invalid|key|language|load|lose|message|mouse|move|offline|online|page|"
    r"paste|pause|play|pointer|popstate|progress|property|ratechange|ready|repeat|reset|resize|"
    r"row|scroll|search|seek|select|show|stalled|start|storage|stop|submit|suspend|time|toggle|"
    r"touch|transition|unhandled|unload|volume|waiting|webkit|wheel)\w*\s*=\s*",
    re.I,
)
_SCHEME = re.compile(r"(?:javascript|vbscript)\s*:(?=\S)", re.I)
# "&gtm=1" is a parameter; "<" in any spelling is not
_REFERENCE = re.compile(r"&(?:#\w+;?|[A-Za-z]\w{0,31};|lt)", re.I)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\ufeff\ufffe\uffff\ud800-\udfff]")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_KNOWN = frozenset(
    {"http", "https", "ftp", "ftps", "feed", "mailto", "urn", "tag", "magnet", "gopher", "nntp",
     "news", "irc", "doi", "info", "xmpp", "at", "ipfs"}
)  # fmt: skip
_UNSAFE = str.maketrans({"<": "%3C", ">": "%3E", '"': "%22", "'": "%27", "`": "%60", "\\": "/"})


def plain(value: object) -> str | None:
    """A value as one line of text, without markup and entities; null where nothing is left."""
    if not isinstance(value, str):
        return None
    text = _CONTROL.sub("", value[:MAX_TEXT])
    if "<" in text or "&" in text or ":" in text or "=" in text:
        for _ in range(_ROUNDS):
            stripped = _SCHEME.sub("", _HANDLER.sub("", strip_tags(html.unescape(text))))
            stripped = _CONTROL.sub("", stripped)
            if stripped == text:
                break
            text = stripped
        else:
            # escaped more often than anyone means: nothing that could be read as markup stays
            text = _SCHEME.sub("", _HANDLER.sub("", re.sub("[<>&]", " ", text)))
            text = text.replace("=", " ") if _HANDLER.search(text) else text
            text = text.replace(":", " ") if _SCHEME.search(text) else text
    return " ".join(text.split()) or None


def strip_tags(text: str) -> str:
    """The text outside tags, comments and elements that run or style, in linear time."""
    text = _SPACED.sub("<", text) if "<" in text else text
    kept: list[str] = []
    at, size = 0, len(text)
    scan = _Scan(text)
    while at < size:
        tag = _OPEN.search(text, at)
        if tag is None:
            kept.append(text[at:])
            break
        here = tag.start()
        kept.append(text[at:here])
        if text.startswith("<!--", here):
            end = scan.find("-->", here + 2)
            at = end + 3 if end >= 0 else size
            continue
        if text.startswith("<![CDATA[", here):
            # its content is text in XML and a comment in HTML; only its frame goes
            at = here + 9
            continue
        at = _tag_end(scan, here + 1)
        if at < 0:
            # a tag that is torn off takes the rest along; a word after "<" is no tag
            kept.append("" if _torn_tag(text[here + 1 :]) else text[here + 1 :])
            break
        if _BLOCK.match(text, here + 1):
            kept.append(" ")
        inner = _INNER.match(text, here + 1)
        if inner and text[at - 2 : at] != "/>":
            close = scan.close_of(inner[1].lower(), at)
            at = close if close >= 0 else size
    return "".join(kept).replace("]]>", "")


class _Scan:
    """Searches in one text that never look at the same stretch twice in vain."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._next: dict[str, tuple[int, int]] = {}

    def find(self, mark: str, at: int) -> int:
        """As str.find."""
        asked, found = self._next.get(mark, (-1, -2))
        if found == -1 and at >= asked:
            return -1
        if asked <= at <= found:
            return found
        found = self.text.find(mark, at)
        self._next[mark] = (at, found)
        return found

    def close_of(self, name: str, at: int) -> int:
        """The position after the next end tag of `name`, -1 where there is none."""
        close = re.compile(rf"</\s*{name}[^<>]*>?", re.I).search(self.text, at)
        return close.end() if close else -1


def _tag_end(scan: _Scan, at: int) -> int:
    """The position after a tag, -1 where it does not end; a value in quotes may hold ``>``."""
    while True:
        close, equals = scan.find(">", at), scan.find("=", at)
        if equals < 0 or 0 <= close < equals:
            return close + 1 if close >= 0 else -1
        quote = _QUOTED.match(scan.text, equals + 1)
        end = scan.find(quote[1], quote.end()) if quote else -1
        at = end + 1 if end >= 0 else equals + 1


def _torn_tag(rest: str) -> bool:
    name = re.match(r"[/!?]?\s*([A-Za-z][A-Za-z0-9]*)", rest)
    return "=" in rest or name is None or name[1].lower() in _ELEMENTS


def plain_url(value: object, base: str = "") -> str | None:
    """An address as written, absolute where `base` or itself is; null where it could run.

    Schemes other than those of documents, mail and names are not addresses of anything to read.
    """
    if not isinstance(value, str):
        return None
    text = value[:_MAX_ADDRESS]
    for _ in range(_ROUNDS):
        if not _REFERENCE.search(text):
            break
        text = _REFERENCE.sub(lambda m: html.unescape(m[0]), text)
    text = _REFERENCE.sub(lambda m: m[0].replace("&", "%26"), _CONTROL.sub("", text))
    text = re.sub(r"[\t\r\n]+", "", text.strip()).replace(" ", "%20").translate(_UNSAFE)
    if not text:
        return None
    try:
        text = urljoin(base, text) if base else text
        scheme = urlsplit(text).scheme.lower()
    except ValueError:
        return None
    if scheme not in _KNOWN and (scheme or _ADDRESS.match(text)):
        return None
    text = _SCHEME.sub(lambda m: m[0].replace(":", "%3A"), text)
    return _HANDLER.sub(lambda m: m[0].replace("=", "%3D"), text)


def plain_id(value: object) -> str | None:
    """An id as written: an address or a name, without markup."""
    if not isinstance(value, str):
        return None
    text = " ".join(value.split())
    return plain_url(text) if re.match(r"https?://\S+$", text) else plain(text)
