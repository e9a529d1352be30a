"""The examples of README and docs are run, against the warehouse that the demo leaves.

Blocks marked ``sql`` are asked of the warehouse; in blocks marked ``console`` every line after
``$ `` is a command, which must end with exit code 0, or with the one in a comment ``# exit N``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from warehouse.lake import Warehouse, connect

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
DEMO = "demo-warehouse"
WAREHOUSE = f"{DEMO}/warehouse"


def examples(language: str) -> Iterator[tuple[str, str]]:
    """Place and content of each fenced block in this language."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in re.finditer(rf"^```{language}\n(.*?)^```$", text, re.M | re.S):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{page.relative_to(ROOT)}:{line}", match[1]


def environment(folder: Path) -> dict[str, str]:
    """An environment in which `dateline` is the checkout under test, installed or not."""
    return os.environ | {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a shell in `folder` makes of a command."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the docs suppose it: the warehouse of the demo, and a page to extract."""
    folder = tmp_path_factory.mktemp("docs")
    command = folder / "bin" / "dateline"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m flows.cli "$@"\n')
    command.chmod(0o755)
    ran = run(f"dateline demo {DEMO}", folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    shutil.copy(ROOT / "flows" / "demo" / "files" / "dairy-strike.html", folder / "page.html")
    return folder


@pytest.mark.parametrize(("place", "query"), list(examples("sql")), ids=lambda value: value[:40])
def test_sql_examples_are_answered(place: str, query: str, folder: Path) -> None:
    with connect(Warehouse(folder / WAREHOUSE)) as connection:
        names = [column[0] for column in connection.execute(query).description or []]
        assert names, place


@pytest.mark.parametrize(
    ("place", "block"), list(examples("console")), ids=lambda value: value[:40]
)
def test_console_examples_run(place: str, block: str, folder: Path) -> None:
    for line in block.splitlines():
        if not line.startswith("$ "):
            continue
        command, _, comment = line[2:].partition("  # ")
        expected = int(comment.removeprefix("exit ")) if comment.startswith("exit ") else 0
        ran = run(command, folder)
        assert ran.returncode == expected, f"{place}: {command}\n{ran.stdout}{ran.stderr}"


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?://)([^)]+)\)", text):
            path, _, anchor = target.partition("#")
            other = (page.parent / path).resolve() if path else page
            assert other.exists(), f"{page.name} links to {target}"
            if anchor:
                headings = re.findall(r"^#+ (.+)$", other.read_text(encoding="utf-8"), re.M)
                slugs = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}
                assert anchor in slugs, f"{page.name} links to {target}"


def test_every_command_has_its_place_in_the_docs() -> None:
    from flows.cli import app

    guide = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for command in app.registered_commands:
        assert command.callback is not None
        assert command.callback.__doc__, command.callback.__name__
        name = command.name or command.callback.__name__
        assert f"dateline {name}" in guide


def test_every_exit_code_is_in_the_guide() -> None:
    from flows.exits import Exit

    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    assert [code for code in Exit if f"\n| {code.value} | " not in guide] == []


def test_every_setting_is_in_the_guide() -> None:
    from flows.settings import Settings

    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    names: list[str] = []
    for name, field in Settings.model_fields.items():
        part = field.annotation
        if isinstance(part, type) and issubclass(part, BaseModel):
            names += [f"{name}.{own}" for own in part.model_fields]
        elif name != "sources":
            names.append(name)
    assert [name for name in names if f"| `{name}` |" not in guide] == []


def test_the_deployment_names_the_flow_and_the_default_schedule() -> None:
    import yaml

    from flows.settings import ScheduleSettings

    (deployment,) = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))[
        "deployments"
    ]
    path, _, name = deployment["entrypoint"].partition(":")
    assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
    assert [schedule["cron"] for schedule in deployment["schedules"]] == [ScheduleSettings().cron]
