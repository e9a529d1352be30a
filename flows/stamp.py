"""What decides the rows of a run: versions of code, model, data and libraries, and the settings."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import transforms
from flows.settings import Settings
from transforms.annotate import VERSIONS
from transforms.quantities.lexicon import DATA
from transforms.quantities.policy import load_policy
from transforms.text import key_of

_LIBRARIES = ("spacy", "numpy", "pandas", "pyarrow", "duckdb", "trafilatura", "lxml", "py3langid")
_SECRET = ("key", "token", "password", "secret")


def stamp_of(settings: Settings, zone: str | None = None) -> str:
    """The key of all that decides what is read in a text, beside the text itself.

    Two runs of one stamp write the same facts for the same text. `zone` is that of its source.
    """
    policy = load_policy(settings.vague_policy)
    words = sorted((word, repr(vague)) for word, vague in policy.words.items())
    return key_of(
        json.dumps(VERSIONS, sort_keys=True),
        model_name(settings.model),
        version("spacy"),
        json.dumps([policy.name, words]),
        zone or "",
    )


def stamps_of(settings: Settings, sources: Iterable[str]) -> dict[str, str]:
    """What the texts of each of these sources are read with, also of those not configured now."""
    zones = {source.id: source.zone for source in settings.sources}
    return {source: stamp_of(settings, zones.get(source)) for source in sources}


@cache
def model_name(package: str) -> str:
    """The name of an installed language pipeline with the version its package states."""
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        meta = Path(folder) / "meta.json"
        if meta.is_file():
            said = json.loads(meta.read_text(encoding="utf-8"))
            return f"{package} ({said['lang']}_{said['name']} {said['version']})"
    return package


@cache
def versions() -> str:
    """Versions of Python, of the libraries that decide rows, and of the data files, as JSON."""
    found: dict[str, str] = {"python": platform.python_version()}
    found |= {name: version(name) for name in _LIBRARIES}
    found["data"] = data_version(DATA.parent)
    return json.dumps(found, sort_keys=True)


def data_version(folder: Path) -> str:
    """A key of the names and contents of all data files."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(folder)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def code_version() -> str:
    """The version of dateline, with a key of its transforms: two checkouts may share a number."""
    digest = hashlib.sha256()
    root = Path(next(iter(transforms.__path__)))
    for path in sorted(root.rglob("*.py")):
        digest.update(path.read_bytes())
    return f"{version('dateline')}+{digest.hexdigest()[:8]}"


@cache
def machine() -> str:
    """The system, processor, cores and memory this runs on."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores,"
        f" {pages * size / 2**30:.0f} GiB"
    )


def settings_json(settings: Settings) -> str:
    """The settings in force as JSON; what may be a secret is left out."""
    return json.dumps(_public(settings.model_dump(mode="json")), sort_keys=True)


def _public(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: "***" if part and any(s in name for s in _SECRET) else _public(part)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [_public(part) for part in value]
    if isinstance(value, str) and "@" in value and "://" in value:
        scheme, _, rest = value.partition("://")
        return f"{scheme}://***@{rest.rpartition('@')[2]}"
    return value
