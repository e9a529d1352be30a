"""Codes that the world has agreed on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@cache
def load_countries() -> frozenset[str]:
    """The ISO 3166-1 alpha-2 codes, and XK for Kosovo."""
    return _load("countries.tsv")


@cache
def load_currencies() -> frozenset[str]:
    """The ISO 4217 codes, current and withdrawn, and two that markets use in their form."""
    return _load("currencies.tsv")


def _load(name: str) -> frozenset[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return frozenset(line.split("\t")[0] for line in lines if not line.startswith("#"))
