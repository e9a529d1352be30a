"""Bytes to text: what a document says of its encoding, else what fits it."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from transforms.article.model import Rejected

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_MAGIC = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x7fELF",
    b"\x00\x00\x00\x18ftyp", b"\x00\x00\x00 ftyp", b"BM", b"MZ", b"wOFF", b"SQLite format",
)  # fmt: skip
_NOT_OF_THE_WEB = frozenset(
    {"utf-7", "unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined"}
)
"""Codecs of Python that no page can mean; the first three can also make half surrogate pairs."""
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset=[\"' ]?\s*([A-Za-z0-9_\-:]+)", re.I)
_IN_HEADER = re.compile(r"charset=[\"']?([A-Za-z0-9_\-:]+)", re.I)


def decode(body: bytes, content_type: str | None, *, where: str) -> str:
    """The text of `body`, by byte order mark, header, meta tag, UTF-8, else the best fit.

    Raises:
        Rejected: ``empty``, ``binary`` or ``encoding``.
    """
    text = _decode(body, content_type, where) if body.strip() else ""
    if not text.strip():
        raise Rejected("empty", f"{where} is empty: fetch or save it again")
    return text


def _decode(body: bytes, content_type: str | None, where: str) -> str:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            text = _strict(body, encoding)
            return text if text is not None else _best(body, where)
    if body.startswith(_MAGIC) or body[:4096].count(0) > len(body[:4096]) // 50:
        raise Rejected("binary", f"{where} is binary, not text: only HTML, text and JSONL are read")
    declared = _IN_HEADER.search(content_type or "")
    in_page = _DECLARED.search(body[:4096])
    named = ([declared[1]] if declared else []) + ([in_page[1].decode("ascii")] if in_page else [])
    # UTF-8 is hard to hit by chance: where it fits, a page that declares another is wrong;
    # but the seven-bit encodings of East Asia, which work by escapes, always look like ASCII
    tried = [*named, "utf-8"] if body.isascii() else ["utf-8", *named]
    for encoding in tried:
        # pages that say Latin-1 mean Windows-1252, as browsers have it (WHATWG Encoding)
        name = "cp1252" if encoding.lower() in ("iso-8859-1", "latin-1", "latin1") else encoding
        text = _strict(body, name)
        if text is not None:
            return text
    return _best(body, where)


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return None if codecs.lookup(encoding).name in _NOT_OF_THE_WEB else body.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _best(body: bytes, where: str) -> str:
    best = from_bytes(body[:200_000]).best()
    text = _strict(body, best.encoding) if best is not None else None
    if text is None:
        raise Rejected("encoding", f"{where} is in no known encoding: save it as UTF-8")
    return text
