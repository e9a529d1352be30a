"""Fixtures every test may use."""

from __future__ import annotations

import pytest

from transforms.language.pipeline import SpacyPipeline, load_language


@pytest.fixture(scope="session")
def language() -> SpacyPipeline:
    return load_language()
