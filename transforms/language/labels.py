"""Labels of names that pipelines give, in the terms of OntoNotes that annotators know."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

LABELS = Path(__file__).parent.parent / "data" / "language" / "labels.tsv"


@cache
def load_labels() -> dict[str, str]:
    """OntoNotes label by a pipeline's label in small letters."""
    lines = LABELS.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {label: target for label, target in pairs}  # noqa: C416


def to_ontonotes(label: str, own: Mapping[str, str] | None = None) -> str:
    """The OntoNotes label for a pipeline's; a label of no kind of name stays as it is.

    "PER", "B-PER" and "person" are PERSON; "MISC" says too little and stays.

    Args:
        label: what the pipeline says.
        own: labels in small letters that mean something else, or that nobody else knows.
    """
    plain = label.casefold()
    if plain[:2] in ("b-", "i-"):
        plain = plain[2:]
    return (own or {}).get(plain) or load_labels().get(plain, label)
