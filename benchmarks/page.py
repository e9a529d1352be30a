"""The figures as a page of the documentation."""

from __future__ import annotations

from collections.abc import Sequence

_HEAD = """# Performance

What `make bench` measured, with the limit that each figure is held to. CPU seconds are of one
process; ratios, unlike seconds, carry over to other machines. Peers stand beside the part that
they do: install the extra `bench` to measure them in the same run. The page is made by
`python -m benchmarks --write docs/performance.md`.

| what | figure | limit | kept |
|---|---|---|---|
"""


def to_page(rows: Sequence[tuple[str, str, str, bool | None]]) -> str:
    """A Markdown page with one line a row."""
    lines = [
        f"| {what} | {figure} | {limit} | {_kept(kept)} |" for what, figure, limit, kept in rows
    ]
    return _HEAD + "\n".join(lines) + "\n"


def _kept(kept: bool | None) -> str:
    return "" if kept is None else "yes" if kept else "**no**"
