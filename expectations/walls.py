"""Pages that stand before an article: consent, sign-in, subscription, a script that is wanted."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

SHORT = 2000
"""Characters up to which a text can be a wall."""


def is_wall(text: str) -> bool:
    """Whether a short text has two or more of the phrases that walls are made of."""
    if len(text) > SHORT:
        return False
    return len({match.lower() for match in _phrases().findall(text)}) >= 2


@cache
def _phrases() -> re.Pattern[str]:
    path = Path(__file__).parent / "data" / "walls.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    phrases = [line for line in lines if line and not line.startswith("#")]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b", re.I)
