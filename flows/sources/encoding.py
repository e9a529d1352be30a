"""Bytes of a feed or sitemap to text, whatever they say of themselves."""

from __future__ import annotations

import codecs
import re
import zlib

from charset_normalizer import from_bytes

from flows.fetch.body import BadEncoding, TooLarge, gunzip, inflate
from flows.sources.markup import clean
from flows.sources.source import SourceError

MAX_BYTES = 60_000_000
"""A sitemap may have 50 MB (sitemaps.org); what is larger, unpacked too, is refused."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
# the first bytes of "<" or "{" in encodings without a mark (XML 1.0 appendix F)
_STARTS = (
    (re.compile(rb"\0\0\0[<{\[\s]"), "utf-32-be"), (re.compile(rb"[<{\[\s]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0[<{\[\s]\0[^\0]"), "utf-16-be"),
    (re.compile(rb"[<{\[\s]\0[^\0]\0"), "utf-16-le"),
)  # fmt: skip
_EBCDIC = b"\x4c\x6f\xa7\x94"
_DECLARED = re.compile(r"<\?xml[^<>]{0,200}?encoding\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]+)", re.I)
_META = re.compile(r"<meta[^<>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]+)", re.I)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:\-]+)", re.I)
_WIDER = {  # what is declared, and what is meant, as browsers have it (WHATWG Encoding)
    "iso8859-1": "cp1252", "ascii": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "iso8859-9": "cp1254",
    "iso8859-11": "cp874", "tis-620": "cp874", "big5": "big5hkscs",
}  # fmt: skip
_NOT_OF_THE_WEB = frozenset(
    {"utf-7", "unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined", "mbcs"}
)
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_DAMAGE = 0.02
"""Share of replaced characters up to which a declared encoding is believed."""


def unpacked(body: bytes, where: str, max_bytes: int = MAX_BYTES) -> bytes:
    """The body, unpacked where it is a gzip or zlib file.

    Raises:
        SourceError: ``too_large`` beyond `max_bytes`, ``decode`` for a broken file.
    """
    try:
        if body[:2] == b"\x1f\x8b":
            body = gunzip(body, max_bytes)
        elif body[:2] in _ZLIB:
            body = b"".join(inflate([body], gzip=False, max_bytes=max_bytes))
    except TooLarge as error:
        raise SourceError(where, "too_large", str(error)) from error
    except (BadEncoding, zlib.error) as error:
        raise SourceError(where, "decode", str(error)) from error
    if len(body) > max_bytes:
        raise SourceError(where, "too_large", f"more than {max_bytes} bytes")
    return body


def decode_document(body: bytes, content_type: str | None = None) -> str:
    """The text of a feed, sitemap or list: never an error, at worst with replaced characters.

    A byte order mark counts first, then how the first characters are laid out; then UTF-8 where it
    fits, since it is hard to hit by chance, whatever is declared; then what the document, the
    header, or the statistics of its bytes say. Characters that XML forbids are left out.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            # a mark may be wrong: bytes in UTF-8 behind one of UTF-16
            rest = body[len(mark) :]
            wide = name if name == "utf-8" or b"\0" in rest[:4096] or not rest else None
            return clean(_lenient(rest, wide) if wide else _unmarked(rest, content_type))
    head = body.lstrip(b" \t\r\n")[:8]
    for start, name in _STARTS:
        if start.match(head) or start.match(body[:8]):
            return clean(_lenient(body, name).lstrip("\ufeff"))
    if body.startswith(_EBCDIC):
        declared = _named(body[:400].decode("cp037")) or "cp037"
        return clean(_lenient(body, declared))
    return clean(_unmarked(body, content_type))


def _unmarked(body: bytes, content_type: str | None) -> str:
    names = [n for n in _names(body, content_type) if not n.startswith(("utf-16", "utf-32"))]
    # the seven-bit encodings of East Asia work by escapes and always look like ASCII
    if body.isascii() and b"\x1b" not in body and b"~{" not in body:
        return body.decode("ascii")
    if not body.isascii():
        names.insert(0, "utf-8")
    for name in names:
        text = _strict(body, name)
        if text is not None:
            return text
    for name in names[1:] + names[:1]:
        text = _lenient(body, name)
        if text.count("\ufffd") <= _DAMAGE * max(1, sum(c > 0x7F for c in body[:100_000])):
            return text
    return _lenient(body, _best(body))


def _names(body: bytes, content_type: str | None) -> list[str]:
    """Encodings that the document and then the header declare, those Python knows."""
    declared = _named(body[:4096].decode("latin-1"))
    header = _IN_HEADER.search(content_type or "")
    found = [declared, _codec(header[1]) if header else None]
    return list(dict.fromkeys(n for n in found if n))


def _named(head: str) -> str | None:
    match = _DECLARED.search(head) or _META.search(head)
    return _codec(match[1]) if match else None


def _codec(name: str) -> str | None:
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if info.name in _NOT_OF_THE_WEB or not info._is_text_encoding:
        return None
    return _WIDER.get(info.name, info.name)


def _strict(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeError, ValueError):
        return None


def _lenient(body: bytes, name: str) -> str:
    return body.decode(name, "replace")


def _best(body: bytes) -> str:
    best = from_bytes(body[:20_000]).best()
    return (_codec(best.encoding) if best is not None else None) or "cp1252"
