"""Kill what writes, at random moments, while others read: nothing may be torn, lost or doubled.

`python -m benchmarks.kills [FOLDER] [--publish N] [--maintain N] [--ingest N] [--replay N]
[--seed N]` kills that many of each (SIGKILL, with all their processes), and prints what was found.
The moment is drawn from the time that the work takes once it holds the lock, so that every stage is
met. A reader asks all the time; after each kill the warehouse is checked, and at the end the next
run must complete and `maintain` find nothing wrong and nothing left over.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from transforms.text import key_of, version_of
from warehouse.lake import Warehouse, connect, create, writer_lock
from warehouse.maintain import Plan, maintain
from warehouse.publish import clear_staging, publish
from warehouse.retention import Retention
from warehouse.tables import ARTICLE_VERSIONS, ARTICLES, FACTS, RUNS, TABLES, TIMES

ROOT = Path(__file__).parents[1]
ARTICLES_A_NIGHT = 40
KNOWN = 300
"""Articles that nights are about, so that many of them are corrections."""
_GRACE = timedelta(seconds=120)
_FACTS = " UNION ALL ".join(f"SELECT run_id FROM lake.{t.name}" for t in FACTS)
TORN = (
    "SELECT r.run_id FROM lake.runs r"
    " LEFT JOIN (SELECT run_id, count(*) AS n FROM lake.article_versions GROUP BY 1) v"
    " USING (run_id)"
    f" LEFT JOIN (SELECT run_id, count(*) AS n FROM ({_FACTS}) GROUP BY 1) f USING (run_id)"
    " WHERE r.state = 'published' AND (coalesce(v.n, 0) <> r.articles_new"
    " OR coalesce(f.n, 0) <> r.rows_out) UNION ALL"
    " SELECT v.run_id FROM lake.article_versions v"
    " WHERE v.run_id NOT IN (SELECT run_id FROM lake.runs) UNION ALL"
    " SELECT a.article_id FROM lake.articles a LEFT JOIN lake.article_versions v"
    " ON v.article_id = a.article_id AND v.superseded_at IS NULL"
    " GROUP BY a.article_id, a.current_version"
    " HAVING count(v.version) <> 1 OR any_value(v.version) <> a.current_version"
)
"""Runs of which only a part can be seen, and articles without exactly one current version."""


# --------------------------------------------------------------------------- what is killed


def publish_nights(root: Path, acks: Path, seed: int) -> None:
    """Publish nights until killed; each that was published is noted once `publish` has said so."""
    import pyarrow.parquet as pq

    from transforms.convert import to_arrow

    lake, chance = Warehouse(root), random.Random(seed)
    for count in range(1_000_000):
        run_id, now = f"night-{seed}-{count}", datetime.now(UTC)
        with writer_lock(lake, 60):
            clear_staging(lake)
            rows = [_article(n, chance) for n in chance.sample(range(KNOWN), ARTICLES_A_NIGHT)]
            run = {c.name: 0 for c in RUNS.columns if c.type == "int64"} | {
                "run_id": run_id, "started_at": now, "state": "published", "code_version": "0",
                "kind": "ingest",
                "articles_new": len(rows), "rows_out": len(rows),
            }  # fmt: skip
            folder = lake.staging(run_id) / "batch"
            folder.mkdir(parents=True)
            for table, records in (
                (ARTICLE_VERSIONS, [r[0] for r in rows]), (ARTICLES, [r[1] for r in rows]),
                (TIMES, [r[2] for r in rows]), (RUNS, [run]),
            ):  # fmt: skip
                data = to_arrow(table.columns, records)
                pq.write_table(data, folder / f"{table.name}.parquet")
            publish(lake, run_id, now)
            _note(acks, run_id)


def _article(number: int, chance: random.Random) -> tuple[dict[str, Any], ...]:
    """A version that says something new, its article and a fact of it."""
    article, text = key_of("article", number), f"Text {chance.random()} of article {number}."
    stamp = {"article_id": article, "version": version_of(None, text)}
    lists = {c.name: [] for c in ARTICLE_VERSIONS.columns if "list" in c.type}
    from hashlib import sha256

    digest = sha256(text.encode()).hexdigest()
    version = stamp | lists | {"text": text, "text_sha256": digest, "extractor_version": "1"}
    known = {"article_id": article, "source_id": "s", "first_seen_at": datetime.now(UTC),
             "current_version": stamp["version"]}  # fmt: skip
    fact = stamp | {
        "time_id": key_of(article, text), "start": 0, "end": 4, "surface": "Text", "sentence": 0,
        "sentence_start": 0, "sentence_end": len(text), "timex_type": "DATE", "anchor": "none",
        "extractor": "times", "extractor_version": "1", "rule": "none",
    }  # fmt: skip
    return version, known, fact


def maintain_often(root: Path) -> None:
    """Maintain again and again until killed, all but the verifying, which changes nothing."""
    lake = Warehouse(root)
    plan = Plan(retention=Retention(0, 0.0005, 0.001), grace=_GRACE)
    while True:
        with writer_lock(lake, 60):
            for step in maintain(lake, plan, datetime.now(UTC)):
                assert not step.problem, step
                if step.name == "orphans":
                    break


def _note(acks: Path, run_id: str) -> None:
    with acks.open("a") as handle:
        handle.write(run_id + "\n")
        handle.flush()
        os.fsync(handle.fileno())


# --------------------------------------------------------------------------- who reads


def read_on(root: Path) -> None:
    """Read until told to stop by the end of standard input; prints reads and what was wrong."""
    lake, reads, wrong = Warehouse(root), 0, []
    os.set_blocking(sys.stdin.fileno(), False)
    while sys.stdin.buffer.read(1) is None:
        try:
            with connect(lake) as connection:
                connection.execute("BEGIN")
                first = connection.execute("SELECT count(*) FROM lake.runs").fetchall()
                torn = connection.execute(TORN).fetchall()
                if first != connection.execute("SELECT count(*) FROM lake.runs").fetchall():
                    wrong.append("a transaction saw two states")
                wrong += [f"torn: {what}" for (what,) in torn]
            reads += 1
            time.sleep(0.5)
        except Exception as error:  # noqa: BLE001 - whatever a reader meets is a finding
            wrong.append(f"{type(error).__name__}: {error}"[:400])
    print(json.dumps({"reads": reads, "wrong": wrong[:20]}))


@contextmanager
def reading(root: Path, found: dict[str, Any]) -> Iterator[None]:
    """A reader beside; what it found is put into `found`."""
    with subprocess.Popen(
        _python("read", root), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as reader:
        yield
        out, _ = reader.communicate()
    found.update(json.loads(out or '{"reads": 0, "wrong": ["the reader died"]}'))


# --------------------------------------------------------------------------- killing


@dataclass
class Killer:
    """Starts work and kills it at a moment drawn from how long it takes under the lock."""

    lake: Warehouse
    chance: random.Random
    kills: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    spans: dict[str, float] = field(default_factory=dict)

    def kill(self, kind: str, command: Sequence[str], environment: dict[str, str]) -> bool:
        """Whether it was killed; false where it ended before."""
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            while process.poll() is None and not self._holds(process.pid):
                time.sleep(0.005)
            began = time.monotonic()
            until = began + self.chance.uniform(0, self.spans.get(kind, 8.0))
            while process.poll() is None and time.monotonic() < until:
                time.sleep(0.002)
            alive = process.poll() is None
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            errors = process.stderr.read() if process.stderr else ""
            process.wait()
        if alive:
            self.kills[kind] = self.kills.get(kind, 0) + 1
            print(f"killed {self.kills}, ended {self.ended}", file=sys.stderr, flush=True)
            # so that some end and tell how long it takes, however slow the machine is
            self.spans[kind] = min(1.1 * self.spans.get(kind, 8.0), 180.0)
            return True
        if process.returncode:
            raise RuntimeError(f"{kind} ended with {process.returncode}: {errors[-2000:]}")
        self.ended[kind] = self.ended.get(kind, 0) + 1
        self.spans[kind] = 0.5 * (self.spans.get(kind, 8.0) + time.monotonic() - began)
        return False

    def _holds(self, pid: int) -> bool:
        path = self.lake.root / "run.lock"
        return path.is_file() and path.read_text() == f"process {pid}"


def check(lake: Warehouse, acks: Path) -> list[str]:
    """What is torn, lost or doubled in a warehouse, in words."""
    wrong = []
    with connect(lake) as connection:
        wrong += [f"torn: {what}" for (what,) in connection.execute(TORN).fetchall()]
        known = {r for (r,) in connection.execute("SELECT run_id FROM lake.runs").fetchall()}
        told = set(acks.read_text().splitlines()) if acks.exists() else set()
        wrong += [f"lost: {run}" for run in sorted(told - known)]
        for table in TABLES:
            keys = ", ".join(table.key)
            where = " WHERE superseded_at IS NULL" if table.recorded else ""
            (doubled,) = connection.execute(
                f"SELECT count(*) FROM (SELECT 1 FROM lake.{table.name}{where}"
                f" GROUP BY {keys} HAVING count(*) > 1)"
            ).fetchone() or (0,)
            if doubled:
                wrong.append(f"doubled: {doubled} keys of {table.name}")
    return wrong


def left_over(lake: Warehouse) -> list[str]:
    """What `maintain` finds wrong, and files that are left though nobody needs them."""
    later = datetime.now(UTC) + timedelta(minutes=1)
    plan = Plan(retention=Retention(0, 0, 0), grace=timedelta(0))
    with writer_lock(lake, 60):
        clear_staging(lake)
        wrong = [s.what for s in maintain(lake, plan, later) if s.problem]
        again = Plan(retention=plan.retention, grace=plan.grace, dry_run=True)
        steps = maintain(lake, again, later + timedelta(minutes=1))
        wrong += [
            f"{s.count} {s.what}" for s in steps if s.name in ("clean", "orphans") and s.count
        ]
    if (lake.root / "staging").exists():
        wrong.append("staging is not empty")
    return wrong


def kill_publishes(
    folder: Path, publishes: int, maintains: int, chance: random.Random
) -> dict[str, Any]:
    """Kill publishes and maintenance of one warehouse in random order; what was found."""
    lake, acks = Warehouse(folder / "nights"), folder / "acks"
    create(lake)
    killer = Killer(lake, chance)
    order = ["publish"] * publishes + ["maintain"] * maintains
    chance.shuffle(order)
    wrong: list[str] = []
    found: dict[str, Any] = {}
    with reading(lake.root, found):
        for number, kind in enumerate(order):
            extra = (acks, number) if kind == "publish" else ()
            before = _lines(acks)
            killer.kill(kind, _python(kind, lake.root, *extra), dict(os.environ))
            if kind == "publish":
                # about every second is to live long enough to publish, however slow the machine is
                span = killer.spans[kind] * (0.7 if _lines(acks) > before else 1.1)
                killer.spans[kind] = killer.spans["maintain"] = min(span, 60.0)
            if number % 4 == 3:
                wrong += check(lake, acks)
    wrong += check(lake, acks) + left_over(lake)
    acknowledged = _lines(acks)
    return {"kills": killer.kills, "acknowledged": acknowledged, "wrong": wrong, "reader": found}


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0


# --------------------------------------------------------------------------- whole runs

_SENTENCES = (
    "The council of {place} said on Monday that {n} people were moved to shelters after the flood.",
    "The ferry to {place} was cancelled, and {n} passengers waited in the harbour.",
    "The mill in {place} paid {n} dollars to its workers, its owner said on Tuesday.",
)


def kill_ingests(folder: Path, ingests: int, replays: int, chance: random.Random) -> dict[str, Any]:
    """Kill ingests of a growing file, then replays of its archive; what was found."""
    texts, lake = folder / "texts", Warehouse(folder / "ingested")
    texts.mkdir()
    config = folder / "dateline.toml"
    config.write_text(
        'warehouse = "ingested"\nworkers = 1\nbatch_size = 4\n'
        '[[sources]]\nid = "texts"\nkind = "files"\nlocation = "texts"\n'
    )
    create(lake)
    killer, wrong = Killer(lake, chance, spans={"ingest": 40.0}), list[str]()
    found: dict[str, Any] = {}
    ingest = [sys.executable, "-m", "flows.cli", "ingest", "-c", str(config)]
    lines, acks = 0, folder / "none"
    with _prefect(folder) as environment:
        with reading(lake.root, found):
            while killer.kills.get("ingest", 0) < ingests:
                with (texts / "news.jsonl").open("a") as handle:
                    for _ in range(4):
                        lines += 1
                        handle.write(json.dumps(_line(lines, chance)) + "\n")
                killer.kill("ingest", ingest, environment)
                wrong += check(lake, acks)
        subprocess.run(ingest, cwd=ROOT, env=environment, check=True, capture_output=True)
        with connect(lake) as connection:
            (count,) = connection.execute("SELECT count(*) FROM articles").fetchone() or (0,)
        wrong += check(lake, acks)
        if count != lines:
            wrong.append(f"{count} of {lines} articles after the next run")
        second, seen = Killer(lake, chance, spans={"replay": 40.0}), dict[str, Any]()
        replays_made = 0
        while second.kills.get("replay", 0) < replays or not second.ended:
            # each into a warehouse of its own, killed again and again until it is whole
            again = Warehouse(folder / f"replayed-{replays_made}")
            create(again)
            second.lake = again
            replay = [*ingest, "--replay", "--archive", str(lake.archive), "-w", str(again.root)]
            with reading(again.root, told := {}):
                while second.kill("replay", replay, environment):
                    wrong += check(again, acks)
            replays_made += 1
            seen = {"reads": seen.get("reads", 0) + told["reads"],
                    "wrong": seen.get("wrong", []) + told["wrong"]}  # fmt: skip
            wrong += check(again, acks) + _differences(lake, again) + left_over(again)
    wrong += left_over(lake)
    return {
        "kills": killer.kills | second.kills, "completed": killer.ended | second.ended,
        "articles": count, "wrong": wrong, "reader": found, "reader of replays": seen,
    }  # fmt: skip


def _line(number: int, chance: random.Random) -> dict[str, Any]:
    place = chance.choice(("Brackwater", "Ashford", "Newhaven", "Whitstone"))
    text = " ".join(s.format(place=place, n=chance.randint(2, 90)) for s in _SENTENCES)
    return {"id": f"n{number}", "text": text, "title": f"News {number}", "language": "en",
            "published_at": "2026-03-10T08:00:00Z"}  # fmt: skip


def _differences(left: Warehouse, right: Warehouse) -> list[str]:
    wrong = []
    for table in (ARTICLES, ARTICLE_VERSIONS, *FACTS):
        query = f"SELECT * FROM {table.name} ORDER BY ALL"
        with connect(left) as one, connect(right) as other:
            if one.execute(query).fetchall() != other.execute(query).fetchall():
                wrong.append(f"{table.name} of the replay differs")
    return wrong


@contextmanager
def _prefect(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of runs that share one Prefect server, so that none waits for its own."""
    port = 4300 + os.getpid() % 1000
    environment = os.environ | {
        "PREFECT_HOME": str(folder / "prefect"), "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_LOGGING_LEVEL": "CRITICAL",
    }  # fmt: skip
    command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as server:  # fmt: skip
        api = f"http://127.0.0.1:{port}/api"
        try:
            _await(f"{api}/health")
            yield environment | {"PREFECT_API_URL": api}
        finally:
            os.killpg(server.pid, signal.SIGTERM)


def _await(address: str) -> None:
    """Wait until a server answers.

    Raises:
        TimeoutError: not within five minutes.
    """
    until = time.monotonic() + 300
    while time.monotonic() < until:
        with suppress(httpx.HTTPError):
            if httpx.get(address, timeout=5).is_success:
                return
        time.sleep(0.5)
    raise TimeoutError(f"{address} does not answer")


def _python(task: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", "benchmarks.kills", "--work", task, *map(str, arguments)]


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for and print it as JSON; 1 if anything was wrong."""
    if arguments[:1] == ["--work"]:
        task, root, *rest = arguments[1:]
        if task == "publish":
            publish_nights(Path(root), Path(rest[0]), int(rest[1]))
        elif task == "maintain":
            maintain_often(Path(root))
        else:
            read_on(Path(root))
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    for name, count in (("publish", 90), ("maintain", 50), ("ingest", 40), ("replay", 30)):
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder, results = Path(name), []
        chance = random.Random(asked.seed)
        if asked.publish or asked.maintain:
            results.append(kill_publishes(folder, asked.publish, asked.maintain, chance))
            print(json.dumps(results[-1], indent=1), flush=True)
        if asked.ingest or asked.replay:
            results.append(kill_ingests(folder, asked.ingest, asked.replay, chance))
            print(json.dumps(results[-1], indent=1), flush=True)
    readers = ("reader", "reader of replays")
    bad = any(r["wrong"] or any(r.get(k, {}).get("wrong") for k in readers) for r in results)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
