"""What goes into the archive comes out of it, and damage is named."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from flows.batch import Item
from flows.fetch import archive as archives
from flows.fetch.archive import Archive, withdraw_end
from flows.fetch.archived import ArchiveError, list_runs, read_run
from flows.fetch.client import Client
from transforms.article.model import DateCandidate

NIGHT = datetime(2026, 3, 12, 2, tzinfo=UTC)


def record(url: str, **more: Any) -> dict[str, Any]:
    return {"fetch_id": "0", "url": url, "started_at": NIGHT, "seconds": 0.5, **more}


def item(where: str, body: bytes = b"<p>Ferry cancelled</p>") -> Item:
    dates = (DateCandidate("feed:published", "Thu, 12 Mar 2026 01:00:00 GMT"),)
    return Item("desk", where, "html", body, NIGHT, "text/html", dates)


def test_an_answer_from_the_network_is_kept_with_its_headers(
    site: Any, client: Client, tmp_path: Path
) -> None:
    body = b"<html><body>The ferry to Brackwater is late.</body></html>"
    url = site.set("/a.html", gzip.compress(body), Content_Encoding="gzip", X_Note="kept")
    answer = client.get(url)
    with closing(Archive(tmp_path, "run", NIGHT, None)) as archive:
        position = archive.add(record(url), item(url, answer.body), answer)
        archive.end([])
    assert position is not None
    with (tmp_path / position.file).open("rb") as handle:
        handle.seek(position.offset)
        found = next(ArchiveIterator(handle))
        assert handle.tell() >= position.offset
    assert found.rec_type == "response"
    assert found.rec_headers.get_header("WARC-Target-URI") == url
    assert found.http_headers.get_header("X-Note") == "kept"
    # the body is kept decoded, so the header that says otherwise is kept under another name
    assert found.http_headers.get_header("Content-Encoding") is None
    assert found.http_headers.get_header("X-Archive-Orig-content-encoding") == "gzip"
    (run,) = list_runs(tmp_path)
    (attempt,) = read_run(run)
    assert attempt.item == item(url, body)
    assert attempt.record["archive_offset"] == position.offset


@settings(max_examples=25, deadline=None)
@given(bodies=st.lists(st.binary(max_size=300), max_size=6))
def test_every_document_comes_back_in_order(
    bodies: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("archive")
    with closing(Archive(root, "run", NIGHT, NIGHT)) as archive:
        for number, body in enumerate(bodies):
            archive.add(record(f"/files/ä {number}.txt"), item(f"/files/ä {number}.txt", body))
        archive.add(record("http://gone.example/", error_class="http_404"))
        archive.end([{"source_id": "desk", "updated_at": NIGHT}])
    (run,) = list_runs(root)
    assert (run.run_id, run.started_at, run.published) == ("run", NIGHT, NIGHT)
    assert run.sources == ({"source_id": "desk", "updated_at": NIGHT},)
    found = list(read_run(run))
    assert [a.item.body for a in found if a.item is not None] == bodies
    assert found[-1].record["error_class"] == "http_404"
    assert found[-1].record["started_at"] == NIGHT


def test_a_large_run_goes_on_in_further_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "ROLL", 2_000)
    with closing(Archive(tmp_path, "run", NIGHT, None)) as archive:
        places = [archive.add(record(f"/{n}"), item(f"/{n}")) for n in range(12)]
        archive.end([])
    assert len({p.file for p in places if p}) > 1
    (run,) = list_runs(tmp_path)
    assert [a.record["url"] for a in read_run(run)] == [f"/{n}" for n in range(12)]


def test_a_killed_run_is_told_from_one_that_ended(tmp_path: Path) -> None:
    with closing(Archive(tmp_path, "killed", NIGHT, None)) as archive:
        archive.add(record("/a"), item("/a"))
    with closing(Archive(tmp_path, "ended", NIGHT, None)) as archive:
        archive.end([])
    assert {r.run_id: r.attempts for r in list_runs(tmp_path)} == {"killed": None, "ended": 0}


def test_a_run_killed_before_its_first_or_while_its_last_record_was_written_is_a_killed_one(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "2026" / "03"
    folder.mkdir(parents=True)
    (folder / "early.warc.gz").touch()
    (folder / ".late-end.warc.gz.partial").write_bytes(b"\x1f\x8b")
    with closing(Archive(tmp_path, "late", NIGHT, None)) as archive:
        archive.add(record("/a"), item("/a"))
    assert [(r.run_id, r.attempts) for r in list_runs(tmp_path)] == [("late", None)]


@pytest.mark.parametrize("published", [False, True])
def test_the_end_of_a_run_that_was_not_published_is_taken_back(
    published: bool, tmp_path: Path
) -> None:
    for name in ("before", "last"):
        with closing(Archive(tmp_path, name, NIGHT, None)) as archive:
            archive.add(record("/a"), item("/a"))
            archive.end([])
            if name == "before":
                archive.published()
    asked: list[str] = []
    for _ in range(2):
        withdraw_end(tmp_path, lambda run_id: asked.append(run_id) or published)
    assert asked == ["last"]
    ended = {r.run_id: r.attempts for r in list_runs(tmp_path)}
    assert ended == {"before": 1, "last": 1 if published else None}


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-60])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("harm", [_cut, _flip, _empty, lambda path: path.unlink()])
def test_damage_is_named_and_never_passed_over(
    harm: Callable[[Path], None], tmp_path: Path
) -> None:
    with closing(Archive(tmp_path, "run", NIGHT, None)) as archive:
        for number in range(5):
            archive.add(record(f"/{number}"), item(f"/{number}"))
        archive.end([])
    harm(tmp_path / "2026" / "03" / "run.warc.gz")
    with pytest.raises(ArchiveError, match="run"):
        [list(read_run(run)) for run in list_runs(tmp_path)]


def test_what_is_no_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no archive folder"):
        list_runs(tmp_path / "none")
    (tmp_path / "x.warc.gz").write_bytes(gzip.compress(b"nothing of ours"))
    with pytest.raises(ArchiveError, match=r"x\.warc\.gz"):
        list_runs(tmp_path)
