"""The whole way beside what people build it from: articles per CPU second of each, same texts.

A peer does a part of what Dateline does; it stands here so that the whole can be weighed. A peer
that is not installed (extra `bench`) is said to be missing.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from benchmarks.corpus import PUBLISHED, texts
from flows.demo.article import load_articles
from flows.demo.pages import gazette, render_outlet
from transforms.annotate import annotate
from transforms.article.model import RawPage
from transforms.article.page import extract_page
from transforms.language.document import Document
from transforms.language.pipeline import SpacyPipeline, load_language
from transforms.quantities.find import find_quantities
from transforms.text import Text
from transforms.times.find import find_times

ARTICLES = 120
RUNS = 3
LEAST = 1.0
"""MB of text that quantities and times together read in a CPU second."""

Row = tuple[str, str, str, bool | None]


def peers() -> Iterator[Row]:
    """Articles per CPU second: ours whole and in parts, then each peer alone."""
    language = load_language()
    bodies = list(texts(ARTICLES))
    documents = list(language.parse(bodies))
    pages = _pages()
    annotate(_texts(bodies), documents)  # the data files are read once
    extract = _seconds(lambda: [extract_page(page) for page in pages]) / len(pages)
    whole = _seconds(lambda: annotate(_texts(bodies), list(language.parse(bodies)))) / ARTICLES
    yield _row("Dateline: page to checked text", extract)
    yield _row("Dateline: text to rows of every table", whole)
    yield _row("Dateline: page to rows", extract + whole)
    yield _row("trafilatura alone", _trafilatura(pages))
    yield _row("spaCy alone", _spacy(language, bodies))
    others = {
        "quantulum3 alone": _quantulum3(documents),
        "textacy quotations, on a parsed text": _textacy(language, bodies),
    }
    for name, cost in others.items():
        yield _row(name, cost) if cost else (name, "not installed: extra `bench`", "", None)
    yield "CQE alone", "cannot be installed beside Dateline's packages", "", None
    size = sum(len(body.encode()) for body in bodies) / 1e6
    rate = size / _seconds(partial(_numbers_and_times, bodies, documents))
    yield (
        "quantities and times, parse apart", f"{rate:.2f} MB of text per CPU second",
        f"at least {LEAST:.0f}", rate >= LEAST,
    )  # fmt: skip


def _row(name: str, seconds: float) -> Row:
    return name, f"{1 / seconds:,.1f} articles per CPU second", "", None


def _seconds(function: Callable[[], object]) -> float:
    """CPU seconds of the fastest run: noise only ever adds."""
    best = math.inf
    for _ in range(RUNS):
        clock = time.process_time()
        function()
        best = min(best, time.process_time() - clock)
    return best


def _texts(bodies: Sequence[str]) -> list[Text]:
    day = datetime.fromisoformat(PUBLISHED).replace(tzinfo=UTC)
    return [Text(f"p{n}", "0" * 16, body, None, day, "en") for n, body in enumerate(bodies)]


def _pages() -> list[RawPage]:
    """The sample articles as pages of a news site."""
    site = render_outlet(gazette("http://127.0.0.1"), load_articles())
    moment = datetime.fromisoformat(PUBLISHED).replace(tzinfo=UTC)
    return [
        RawPage(f"http://127.0.0.1{path}", page.body, page.content_type, moment)
        for path, page in site.items()
        if b"application/ld+json" in page.body
    ]


def _numbers_and_times(bodies: Sequence[str], documents: Sequence[Document]) -> None:
    for text, document in zip(_texts(bodies), documents, strict=True):
        find_quantities(text, document, find_times(text, document), [])


def _trafilatura(pages: Sequence[RawPage]) -> float:
    from trafilatura import bare_extraction

    bodies = [page.body.decode() for page in pages]

    def read() -> None:
        for body in bodies:
            bare_extraction(body, fast=True, with_metadata=True)

    return _seconds(read) / len(bodies)


def _spacy(language: SpacyPipeline, bodies: Sequence[str]) -> float:
    return _seconds(lambda: sum(1 for _ in language.nlp.pipe(bodies, batch_size=64))) / len(bodies)


def _quantulum3(documents: Sequence[Document]) -> float | None:
    """Seconds an article, null where it is not installed."""
    try:
        from quantulum3 import parser
    except ImportError:
        return None
    some = documents[:10]
    sentences = [d.surface(a, b) for d in some for a, b in d.sentences]
    clock = time.process_time()
    for sentence in sentences:
        try:
            parser.parse(sentence)
        except Exception:  # noqa: BLE001 - a peer that breaks on a sentence finds nothing in it
            continue
    return (time.process_time() - clock) / len(some)


def _textacy(language: SpacyPipeline, bodies: Sequence[str]) -> float | None:
    """Seconds an article, null where it is not installed."""
    try:
        from textacy.extract.triples import direct_quotations
    except ImportError:
        return None
    parsed: list[Any] = list(language.nlp.pipe(bodies, batch_size=64))

    def read() -> None:
        for document in parsed:
            try:
                list(direct_quotations(document))
            except ValueError:
                continue  # it refuses a text whose quotation marks do not pair

    return _seconds(read) / len(parsed)
