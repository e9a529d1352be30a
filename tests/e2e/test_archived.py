"""Runs that fail or die around their publish, and what a replay of the archive makes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flows import finish
from flows.run import Account
from flows.settings import Settings, load_settings
from flows.start import start_ingest, start_replay
from warehouse.lake import Warehouse, connect
from warehouse.tables import ARTICLE_VERSIONS, ARTICLES, FACTS, RUNS


class Killed(BaseException):
    """Ends a run as SIGKILL does: nothing of ours may act on it."""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "dateline.toml"
    path.write_text(
        'warehouse = "w"\nworkers = 1\n'
        '[[sources]]\nid = "desk"\nkind = "files"\nlocation = "desk.jsonl"\n'
    )
    return path


def add(config: Path, number: int) -> None:
    text = f"The ferry to Brackwater carried {number + 12} passengers on Monday, its owner said."
    line = {"id": f"n{number}", "text": text, "published_at": "2026-03-10T08:00:00Z"}
    with (config.parent / "desk.jsonl").open("a") as handle:
        handle.write(json.dumps(line) + "\n")


def night(config: Path) -> tuple[Account, Settings]:
    settings = load_settings(config)
    return start_ingest(settings, config=config), settings


def again(config: Path, of: Warehouse, name: str) -> tuple[list[Account], Warehouse]:
    target = config.parent / name
    settings = load_settings(config, warehouse=target)
    return start_replay(
        settings, archive=of.archive, config=config, warehouse=target
    ), settings.lake


def ask(lake: Warehouse, query: str) -> list[tuple[Any, ...]]:
    with connect(lake) as connection:
        return connection.execute(query).fetchall()


def assert_same(one: Warehouse, other: Warehouse) -> None:
    for table in (ARTICLES, ARTICLE_VERSIONS, *FACTS):
        query = f"SELECT * FROM {table.name} ORDER BY ALL"
        assert ask(one, query) == ask(other, query), table.name


def failing(failure: BaseException) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise failure

    return fail


@pytest.mark.parametrize("failure", [Killed("now"), OSError("no space left")])
def test_what_ended_in_the_archive_and_was_not_published_is_replayed_under_the_run_that_did(
    failure: BaseException, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        add(config, number)
    with monkeypatch.context() as patch:
        patch.setattr(finish, "publish_run", failing(failure))
        with pytest.raises(type(failure)):
            night(config)
    _, settings = night(config)
    lake = settings.lake
    assert ask(lake, "SELECT count(*) FROM articles") == [(2,)]
    accounts, other = again(config, lake, "again")
    published = "SELECT run_id FROM runs WHERE state = 'published' ORDER BY started_at"
    assert [(a.run_id,) for a in accounts] == ask(lake, published)
    assert_same(lake, other)
    if isinstance(failure, Killed):
        # the copied archive is whole: it makes the warehouse a third time
        _, third = again(config, other, "third")
        assert_same(lake, third)


def test_what_fails_after_the_publish_leaves_a_published_run(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(config, 0)
    with monkeypatch.context() as patch:
        patch.setattr(finish, "keep_stories", failing(OSError("no space left")))
        with pytest.raises(OSError, match="no space left"):
            night(config)
    lake = load_settings(config).lake
    assert ask(lake, "SELECT state, articles_new FROM runs") == [("published", 1)]
    assert ask(lake, "SELECT count(*) FROM search('passengers')") == [(1,)]
    add(config, 1)
    night(config)
    assert ask(lake, "SELECT state, articles_new FROM runs") == [("published", 1)] * 2
    _, other = again(config, lake, "again")
    assert_same(lake, other)


def test_a_replay_that_failed_is_tried_again(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(2):
        add(config, number)
        _, settings = night(config)
    lake = settings.lake
    with monkeypatch.context() as patch:
        patch.setattr(finish, "publish_run", failing(OSError("no space left")))
        with pytest.raises(OSError, match="no space left"):
            again(config, lake, "again")
    other = Warehouse(config.parent / "again")
    assert ask(other, "SELECT state FROM runs") == [("failed",)]
    accounts, _ = again(config, lake, "again")
    assert len(accounts) == 2
    assert_same(lake, other)
    columns = ", ".join(RUNS.key)
    states = f"SELECT {columns}, state FROM runs ORDER BY ALL"
    assert ask(other, states) == ask(lake, states)
