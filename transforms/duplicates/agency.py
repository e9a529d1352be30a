"""The news agency that a text itself is credited to, as against agencies that helped with it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.article.credits import load_agencies
from transforms.article.dateline import find_dateline

AGENCIES = load_agencies()
_NAMES = "|".join(sorted(map(re.escape, AGENCIES), key=len, reverse=True))
_SMALL = {name for name in AGENCIES if len(name) <= 5}
# (Reuters), (AP Business): in the dateline, or in brackets of its own before the first dash
_HEAD = re.compile(rf"\((?:the )?({_NAMES})\b[^)\n]{{0,20}}\)|^\s*({_NAMES})\s*[-–—]", re.I)
# a last line that is nothing but the agency, with a dash, brackets or a copyright sign
_SIGNED = re.compile(
    rf"^\W*(?:(?:©|\(c\)|copyright|source|via|by)[:\s]*(?:\d{{4}}\W*)?)?(?:the )?({_NAMES})\W*$",
    re.I,
)
_RIGHTS = re.compile(rf"(?:©|\(c\)|copyright)\s*(?:\d{{4}}\s*)?(?:the )?({_NAMES})\b", re.I)
_BYLINE = re.compile(rf"(?:^|\bby\s+|[/,|]\s*|\(|\bfor\s+)(?:the )?({_NAMES})\b", re.I)
_HEAD_LENGTH = 160
_TAIL_LINES = 3


def find_agency(text: str, byline: str | None = None, authors: Sequence[str] = ()) -> str | None:
    """The agency whose story `text` is: by dateline, byline, signature or copyright line.

    "With reporting by AFP" makes it no AFP story. A short name counts in its own spelling only:
    "AP" is an agency, "ap" a typing error.
    """
    head = find_dateline(text) or ""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    found = [_HEAD.search(head), _HEAD.search(text[:_HEAD_LENGTH].split("\n\n")[0])]
    found += [_BYLINE.search(name) for name in (byline or "", *authors)]
    for line in lines[1:][-_TAIL_LINES:]:
        found += [_SIGNED.search(line), _RIGHTS.search(line)]
    for match in found:
        if match is not None:
            name = next(group for group in match.groups() if group)
            agency = AGENCIES[name.casefold()]
            if name.lower() not in _SMALL or name in (agency, name.upper()):
                return agency
    return None
