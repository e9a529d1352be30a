"""Nothing is lost: all that comes into a run is published, known, held back, or left out.

Batches of good and bad documents go through the real stages; only processes and Prefect are left
out. What is counted is held to what the warehouse has.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from flows import finish as ending
from flows.batch import Item
from flows.collect import Fetched
from flows.finish import finish
from flows.job import Run
from flows.pool import work_here
from flows.process import hand_out, process_batch, take_in
from flows.progress import silent
from flows.report import write_report
from flows.run import Account
from flows.settings import Settings, load_settings
from flows.status import read_status, to_text
from warehouse.lake import connect, create
from warehouse.publish import CountsDiffer
from warehouse.tables import FACTS

NIGHT = datetime(2026, 3, 12, 2, tzinfo=UTC)
WINDOW = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2032, 1, 1, tzinfo=UTC))
TEXT = "Mayor Orla Reed of {} said on Monday that {} boats were lost. It cost 5 million pounds."
OWN = """
from expectations.rule import expect

@expect("No place is called Leeds.", hint="", columns=("surface",))
def not_leeds(frame, evidence):
    return frame["surface"] != "Leeds"

RULES = {"mentions": [not_leeds]}
"""


def line(where: str, number: int, **said: object) -> Fetched:
    url = f"https://post.example/{number}"
    row = {"id": where, "url": url, "title": "Boats lost", "text": TEXT.format("York", number),
           "published_at": "2026-03-10", "language": "en"} | said  # fmt: skip
    body = json.dumps(row).encode()
    return Fetched({}, Item("desk", f"desk.jsonl:{where}", "jsonl", body, NIGHT))


def raw(where: str, body: bytes, kind: Any = "jsonl", source: str = "desk") -> Fetched:
    return Fetched({}, Item(source, where, kind, body, NIGHT))


def tried(number: int, **said: object) -> dict[str, Any]:
    return {
        "fetch_id": f"{number:016x}", "run_id": "r", "source_id": "desk", "robots": "allowed",
        "url": f"https://post.example/{number}", "opt_outs": [], "started_at": NIGHT,
        "seconds": 0.1,
    } | said  # fmt: skip


FATES: dict[str, Callable[[int], Fetched]] = {
    "good": lambda n: line(f"{n}", n),
    "other address": lambda n: line(f"{n}-amp", n),
    "other words": lambda n: line(f"{n}-late", n, text=TEXT.format("York", f"{n} small")),
    "German": lambda n: line(f"{n}-de", 100 + n, text="Der Zug fiel aus.", language="de"),
    "row held back": lambda n: line(f"{n}-leeds", 200 + n, text=TEXT.format("Leeds", n)),
    "article held back": lambda n: line(f"{n}-ahead", 300 + n, published_at="2031-01-01"),
    "other days": lambda n: line(f"{n}-old", 400 + n, published_at="2019-01-01"),
    "empty": lambda n: line(f"{n}-empty", 500 + n, text=" "),
    "garbage": lambda n: raw(f"desk.jsonl:{n}-garbage", b"{garbage"),
    "binary": lambda n: raw(f"https://post.example/{n}.html", b"\x89PNG\r\n" + bytes(64), "html"),
    "forgotten": lambda n: raw(f"gone.jsonl:{n}", b'{"id": "x", "text": "y"}', source="gone"),
    "refused": lambda n: Fetched(tried(n, error_class="robots", error="closed"), None),
    "missing page": lambda n: Fetched(tried(n, error_class="http_404", error="gone"), None),
    "unchanged": lambda n: Fetched(tried(n, status=304), None, unchanged=True),
}
RULE = {
    "article held back": "published_not_after_fetch", "row held back": "not_leeds",
    "garbage": "document:json", "empty": "document:missing_field", "binary": "document:binary",
}  # fmt: skip
"""What a document or a row of it breaks."""
COUNT = count()


def warehouse(folder: Path) -> Settings:
    """An empty warehouse with a rule of its own and a source that was forgotten."""
    (folder / "own.py").write_text(OWN)
    config = folder / "dateline.toml"
    config.write_text(
        'warehouse = "lake"\narchive = false\n[quality]\nexpectations = "own.py"\n'
        "max_rejected = { '*' = 1.0 }\n"
    )
    made = load_settings(config)
    create(made.lake)
    with connect(made.lake, read_only=False) as connection:
        connection.execute(
            "INSERT INTO lake.forgotten BY NAME SELECT '0123456789abcdef' AS forgotten_id,"
            " 'source' AS kind, 'gone' AS key, 'q' AS request_id, now() AS forgotten_at"
        )
    return made


@contextmanager
def begun(made: Settings) -> Iterator[Run]:
    """A run that nothing has come into; what it publishes goes without Prefect."""
    number = next(COUNT)
    account = Account(f"20260312T02{number:04}Z-000000", NIGHT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ending, "publish_run", ending.publish_run.fn)
        # no process has to load the language model
        workers = work_here()
        yield Run(made, account, None, None, None, workers, silent, window=WINDOW)


def put(run: Run, batches: Sequence[Sequence[Fetched]]) -> None:
    for number, batch in enumerate(hand_out(run, batches)):
        take_in(run.account, process_batch.fn(run, number, batch))


def ask(made: Settings, query: str) -> list[tuple[Any, ...]]:
    with connect(made.lake) as connection:
        return connection.execute(query).fetchall()


DOCUMENT = st.tuples(st.sampled_from(sorted(FATES)), st.integers(0, 2))
NIGHTS = st.lists(st.lists(st.lists(DOCUMENT, max_size=6), max_size=2), min_size=1, max_size=2)


# a batch takes a tenth of a second: a failing one is shown as it is, not made smaller for minutes
@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(NIGHTS)
def test_all_that_comes_in_is_somewhere(nights: list[list[list[tuple[str, int]]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = warehouse(Path(folder))
        for night in nights:
            came = Counter(fate for batch in night for fate, _ in batch)
            with begun(made) as run:
                put(run, [[FATES[fate](number) for fate, number in batch] for batch in night])
                finish(run, [])
                account = run.account
            hold(made, account, came)


def hold(made: Settings, account: Account, came: Counter[str]) -> None:
    """What the account says is what came, and what the warehouse has."""
    assert (account.items_in, account.items_missing, account.rows_missing) == (came.total(), 0, 0)
    assert account.items_failed == came["refused"] + came["missing page"]
    assert account.left_out["forgotten on request"] == came["forgotten"]
    assert account.left_out.total() == came["forgotten"] + came["other days"]
    assert account.articles_held >= came["empty"] + came["garbage"] + came["binary"]
    assert account.articles_unchanged >= came["unchanged"]
    if account.state != "published":
        return
    of = f"WHERE run_id = '{account.run_id}'"
    facts = " UNION ALL ".join(f"SELECT run_id FROM lake.{t.name}" for t in FACTS)
    with connect(made.lake) as connection:

        def one(query: str) -> tuple[Any, ...]:
            return connection.execute(query).fetchone() or ()

        assert one(f"SELECT count(*) FROM lake.article_versions {of}") == (account.articles_new,)
        assert one(f"SELECT count(*) FROM ({facts}) {of}") == (account.rows_out,)
        told = one(f"SELECT items_in, missing, rows_missing, adds_up FROM run_balance {of}")
        assert told == (came.total(), 0, 0, True)
        rules = one("SELECT coalesce(list_distinct(flatten(list(rules))), []) FROM quarantine")[0]
    assert {rule for fate, rule in RULE.items() if came[fate]} <= set(rules)


def test_what_is_missing_is_told_and_asked_for_again(tmp_path: Path) -> None:
    made = warehouse(tmp_path)
    state = {"source_id": "desk", "kind": "files", "location": "x", "failures": 0,
             "updated_at": NIGHT}  # fmt: skip
    with begun(made) as run:
        put(run, [[FATES["good"](1), FATES["refused"](1)]])
        run.account.items_in += 1  # a document that a stage was given and does not give back
        finish(run, [state])
    assert run.account.state == "published"
    assert ask(made, "SELECT missing, adds_up FROM run_balance") == [(1, False)]
    assert ask(made, "SELECT count(*) FROM sources") == [(0,)]  # they list what they listed again
    status = read_status(made.lake, NIGHT)
    assert "runs/adds_up/*" in [t.key for t in status.troubles]
    assert "3 pages and documents: 1 new, 1 failed, 1 MISSING" in to_text(status)
    page = write_report(made.lake, tmp_path / "report.html", None)
    assert page is not None
    assert "It does not add up" in page.read_text(encoding="utf-8")


def test_a_publish_of_something_else_than_was_counted_is_refused(tmp_path: Path) -> None:
    made = warehouse(tmp_path)
    with begun(made) as run:
        put(run, [[FATES["good"](1)]])
        (mentions,) = run.staged("mentions")
        mentions.unlink()
        with pytest.raises(CountsDiffer, match="the run counted 1 article versions and"):
            finish(run, [])
    assert ask(made, "SELECT count(*) FROM lake.article_versions") == [(0,)]


def test_what_a_stop_leaves_is_counted_as_left(tmp_path: Path) -> None:
    made = warehouse(tmp_path)
    with begun(made) as run:
        run.account.pages_listed = 7
        run.stop.ask()
        put(run, [[FATES["good"](1)]])
    assert run.account.left_out == {"left for the next run: stopped on request": 7}
    assert run.account.items_missing == 0
