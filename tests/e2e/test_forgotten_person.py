"""A person who was forgotten does not come back: by later nights, by replay, by a new catalog."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flows.forget import forget
from flows.maintain import rebuild_catalog
from flows.settings import Settings, load_settings
from flows.start import start_ingest, start_replay
from flows.withhold import NAMED
from tests.flows.test_forget import holding
from transforms.text import key_of
from warehouse.lake import Warehouse, connect

PERSON = "Odile Veltman"
URL = "https://post.example/2026/"
FERRY = "The ferry to Brackwater was cancelled on Monday, Ann Orrin said. It carries 40 cars."
TRIAL = (
    f"{PERSON}, 34, was charged with fraud on Monday. \u201cI did nothing,\u201d Ms Veltman said."
)


def line(name: str, text: str, **more: str) -> str:
    return json.dumps({"id": name, "url": URL + name, "text": text,
                       "published_at": "2026-03-09"} | more) + "\n"  # fmt: skip


def ask(lake: Warehouse, query: str) -> list[tuple[Any, ...]]:
    with connect(lake) as connection:
        return connection.execute(query).fetchall()


def current(lake: Warehouse) -> list[tuple[Any, ...]]:
    return ask(lake, "SELECT url, text FROM article_versions ORDER BY 1")


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Path]:
    """A night with the person, the request, and a night that names the person again."""
    folder = tmp_path_factory.mktemp("later")
    desk, config = folder / "desk.jsonl", folder / "dateline.toml"
    config.write_text(
        'warehouse = "w"\nworkers = 1\n'
        '[[sources]]\nid = "desk"\nkind = "files"\nlocation = "desk.jsonl"\n'
    )
    settings = load_settings(config)
    desk.write_text(line("ferry", FERRY) + line("trial", TRIAL))
    start_ingest(settings, config=config)
    assert len(current(settings.lake)) == 2
    done = forget(settings.lake, [("person", PERSON)])
    assert done.articles == [key_of(URL + "trial")]
    desk.write_text(
        line("ferry", f"{FERRY} On board was Odile M. Veltman.")
        + line("trial", TRIAL)
        + line("verdict", f"The court cleared {PERSON} of all charges on Tuesday.")
        + line("urteil", f"Das Gericht sprach {PERSON} am Dienstag frei.", language="de")
        + line("column", "The river rose by 12 centimetres.", authors=PERSON)
        + line("surname", "A Mr Aldo Veltman opened the fair on Tuesday with 30 guests.")
        + '{"id": "torn", "url": "by ODILE VELTMAN"\n'
    )  # fmt: skip
    account = start_ingest(settings, config=config)
    assert account.left_out[NAMED] == 5
    assert account.items_missing == 0
    return settings, config


def test_later_articles_that_name_the_person_are_left_out_whole(
    later: tuple[Settings, Path],
) -> None:
    lake = later[0].lake
    assert [url for url, _ in current(lake)] == [URL + "ferry", URL + "surname"]
    assert current(lake)[0][1] == FERRY
    assert holding(lake.root, "Odile", "ODILE", "verdict", "urteil", URL + "column") == []
    assert ask(lake, "SELECT DISTINCT adds_up FROM run_balance") == [(True,)]


def test_the_next_night_knows_what_came_and_gives_the_same(later: tuple[Settings, Path]) -> None:
    settings, config = later
    before = current(settings.lake)
    account = start_ingest(settings, config=config)
    assert current(settings.lake) == before
    assert account.state == "unchanged"
    marks = ask(
        settings.lake,
        f"SELECT key FROM forgotten WHERE kind = 'article' AND reason = '{NAMED}' ORDER BY 1",
    )
    assert marks == sorted((key_of(URL + name),) for name in ("verdict", "urteil", "column"))


def test_neither_a_replay_nor_a_new_catalog_brings_the_person_back(
    later: tuple[Settings, Path], tmp_path: Path
) -> None:
    settings, config = later
    start_ingest(settings, config=config)  # takes in the tombstones of the night before
    target = tmp_path / "again"
    start_replay(
        load_settings(config, warehouse=target), archive=settings.lake.archive, config=config,
        warehouse=target, workers=1,
    )  # fmt: skip
    assert current(Warehouse(target)) == current(settings.lake)
    assert holding(target, "Odile") == []
    forgotten = "SELECT * FROM forgotten ORDER BY ALL"
    before = ask(settings.lake, forgotten)
    (settings.lake.root / "catalog.sqlite").write_bytes(b"torn")
    rebuild_catalog(settings)
    assert ask(settings.lake, forgotten) == before
    assert [url for url, _ in current(settings.lake)] == [URL + "ferry", URL + "surname"]
