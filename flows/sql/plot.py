"""A two-column answer as bars in the terminal: a label or time, and a number."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

EIGHTHS = " ▏▎▍▌▋▊▉"
LABEL = 30
"""The widest label."""


def to_bars(names: Sequence[str], rows: Sequence[Sequence[Any]], width: int | None = None) -> str:
    """A line a row: label, bar from zero, number; negative numbers have their bar left of zero.

    An answer of another shape gives one line that says what is needed.
    """
    if len(names) != 2 or not all(_is_number(value) for _, value in rows):
        return "A plot needs two columns: a label or time, and a number.\n"
    if not rows:
        return "No rows.\n"
    labels = [_label(label) for label, _ in rows]
    numbers = [float(value or 0) for _, value in rows]
    told = ["" if value is None else f"{value:,g}" for _, value in rows]
    wide, said = max(map(len, [*labels, names[0][:LABEL]])), max(map(len, told))
    width = width or shutil.get_terminal_size((100, 40)).columns
    room = max(10, width - wide - said - 4)
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    scale = room / (high - low) if high > low else 0.0
    left = round(-low * scale)
    lines = [f"{names[0][:LABEL]:<{wide}}  {names[1]}"]
    for label, number, text in zip(labels, numbers, told, strict=True):
        if number < 0:
            bar = ("█" * round(-number * scale)).rjust(left)
        else:
            eighths = round(number * scale * 8)
            bar = " " * left + "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()
        lines.append(f"{label:<{wide}}  {bar} {text}".rstrip())
    return "\n".join(lines) + "\n"


def _is_number(value: Any) -> bool:
    return value is None or (hasattr(value, "__float__") and not isinstance(value, bool))


def _label(value: Any) -> str:
    if isinstance(value, datetime):
        midnight = value.hour == value.minute == value.second == 0
        return f"{value:%Y-%m-%d}" if midnight else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= LABEL else text[: LABEL - 1] + "…"
