"""The articles of the demonstration site, as they stand in data files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

ARTICLES = Path(__file__).parent / "articles"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a heading between paragraphs."""

    text: str
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What a page says once its error is mended."""

    published: datetime
    headline: str
    note: str
    replace: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One article as an outlet publishes it.

    Attributes:
        slug: name of its file, and part of its address.
        modified: time of the last change; that of publication where nothing changed.
        correction: what `corrected` turns the article into, where it has one.
    """

    slug: str
    outlet: str
    headline: str
    section: str
    published: datetime
    modified: datetime
    blocks: tuple[Block, ...]
    language: str = "en"
    standfirst: str = ""
    authors: tuple[str, ...] = ()
    agency: str | None = None
    place: str | None = None
    photo: str = ""
    members: bool = False
    note: str | None = None
    correction: Correction | None = None

    @property
    def byline(self) -> str:
        """Names of the authors, else of the agency."""
        return " and ".join(self.authors) or self.agency or ""

    @property
    def text(self) -> str:
        """Headings and paragraphs, one a line."""
        return "\n".join(block.text for block in self.blocks)

    def corrected(self) -> DemoArticle:
        """The article after its correction; itself where it has none."""
        if self.correction is None:
            return self
        return replace(
            self,
            headline=self.correction.headline,
            modified=self.correction.published,
            note=self.correction.note,
            blocks=tuple(
                replace(block, text=_mended(block.text, self.correction.replace))
                for block in self.blocks
            ),
        )


def load_articles(folder: Path = ARTICLES) -> tuple[DemoArticle, ...]:
    """The articles of a folder, newest first."""
    found = [parse_article(p.stem, p.read_text("utf-8")) for p in sorted(folder.glob("*.md"))]
    return tuple(sorted(found, key=lambda article: (article.published, article.slug), reverse=True))


def parse_article(slug: str, source: str) -> DemoArticle:
    """The article of a file: TOML between lines of ``+++``, then paragraphs and ## headings.

    Raises:
        ValueError: the file has not this form.
    """
    try:
        _, front, body = source.split("+++\n", 2)
    except ValueError as error:
        raise ValueError(f"{slug}: no front matter between two lines of +++") from error
    fields: dict[str, Any] = tomllib.loads(front)
    correction = fields.pop("correction", None)
    fields["authors"] = tuple(fields.get("authors", ()))
    return DemoArticle(
        slug=slug,
        modified=fields["published"],
        blocks=tuple(_blocks(body)),
        correction=None if correction is None else _correction(correction),
        **fields,
    )


def _blocks(body: str) -> Iterable[Block]:
    for part in body.strip().split("\n\n"):
        text = " ".join(part.split())
        yield Block(text.removeprefix("## "), heading=text.startswith("## "))


def _correction(fields: dict[str, Any]) -> Correction:
    pairs = tuple((pair["old"], pair["new"]) for pair in fields.pop("replace"))
    return Correction(replace=pairs, **fields)


def _mended(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    for old, new in pairs:
        text = text.replace(old, new)
    return text
