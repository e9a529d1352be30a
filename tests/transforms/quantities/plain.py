"""Documents with tokens and no grammar at all, for what must hold of any text."""

from __future__ import annotations

import re

from transforms.language.document import Document
from transforms.text import Text


def text_of(body: str) -> Text:
    return Text(article_id="a", version="v", text=body)


def bare(body: str) -> Document:
    """A document with tokens and no grammar at all."""
    words = list(re.finditer(r"\w+|[^\w\s]", body))
    n = len(words)
    return Document(
        text=body,
        words=[w.group() for w in words],
        starts=[w.start() for w in words],
        ends=[w.end() for w in words],
        lowers=[w.group().lower() for w in words],
        lemmas=[w.group().lower() for w in words],
        tags=["NN"] * n,
        pos=["NOUN"] * n,
        deps=["dep"] * n,
        heads=list(range(n)),
        sentences=[(0, n)] if n else [],
        names=[],
    )
