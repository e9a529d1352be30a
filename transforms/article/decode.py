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
# what browsers take the names of older encodings for (WHATWG Encoding)
_MEANT = {
    **dict.fromkeys(["iso-8859-1", "iso8859-1", "latin-1", "latin1", "ascii", "us-ascii"],
                    "cp1252"),
    **dict.fromkeys(["gb2312", "gb_2312-80", "gbk", "x-gbk", "euc-cn"], "gb18030"),
    **dict.fromkeys(["shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji"], "cp932"),
    **dict.fromkeys(["euc-kr", "ks_c_5601-1987", "ksc5601"], "cp949"), "big5": "big5hkscs",
    "iso-8859-9": "cp1254", "latin5": "cp1254", "tis-620": "cp874", "iso-8859-11": "cp874",
}  # fmt: skip
_FEW = 20
"""Characters beyond ASCII for each one that is broken, from which an encoding still fits."""
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset=[\"' ]?\s*([A-Za-z0-9_\-:]+)", re.I)
_IN_HEADER = re.compile(r"charset=[\"']?([A-Za-z0-9_\-:]+)", re.I)


def decode(body: bytes, content_type: str | None, *, where: str) -> str:
    """The text of `body`, by byte order mark, UTF-8, header, meta tag, else the best fit.

    A character that a transfer broke does not change the encoding: it becomes U+FFFD.

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
    names = _named(body, content_type)
    # UTF-8 is hard to hit by chance: where it fits, a page that declares another is wrong;
    # but the seven-bit encodings of East Asia, which work by escapes, always look like ASCII
    for encoding in [*names, "utf-8"] if body.isascii() else ["utf-8"]:
        text = _strict(body, encoding)
        if text is not None:
            return text
    for read, encodings in ((_nearly, ["utf-8"]), (_strict, names), (_nearly, names)):
        for encoding in encodings:
            text = read(body, encoding)
            if text is not None:
                return text
    return _best(body, where)


def _named(body: bytes, content_type: str | None) -> list[str]:
    """The encodings that the header and the page name, the likelier first.

    The Latin-1 of a header is often but the server's default; what a page itself says beats it.
    """
    header = _IN_HEADER.search(content_type or "")
    in_page = _DECLARED.search(body[:4096])
    names = [header[1]] if header else []
    names += [in_page[1].decode("ascii")] if in_page else []
    names = [_MEANT.get(name.lower(), name) for name in names]
    return names[::-1] if names[:1] == ["cp1252"] else names


def _nearly(body: bytes, encoding: str) -> str | None:
    """`body` in an encoding that fits but for a few broken characters, which become U+FFFD."""
    try:
        if codecs.lookup(encoding).name in _NOT_OF_THE_WEB:
            return None
        text = body.decode(encoding, "replace")
    except (UnicodeError, LookupError):
        return None
    broken = text.count("\ufffd")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return text if broken * _FEW <= beyond - broken else None


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
