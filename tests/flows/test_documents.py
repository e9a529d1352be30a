"""Documents that sources hold: archives read on where they stopped, ninjs, folders."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from datetime import UTC, datetime

import pytest

from flows.batch import Incoming, extract_items
from flows.documents import Documents
from flows.settings import SourceSettings
from flows.sources.check import check_address, check_files, to_toml
from flows.sources.ranges import RangeFile
from flows.sources.warc import ArchivedPage, ArchiveProblem, iter_pages

NOW = datetime(2026, 3, 12, 2, tzinfo=UTC)
THEN = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


def record(number, *, body=b"", status="200 OK", kind="text/html", headers="", what="response"):
    body = body or f"<html><p>Story {number}</p></html>".encode()
    http = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\n{headers}\r\n".encode() + body
    )
    head = (
        f"WARC/1.0\r\nWARC-Type: {what}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        f"WARC-Target-URI: https://news.example/{number}\r\nWARC-Date: 2020-01-02T03:04:05Z\r\n"
        f"Content-Type: application/http; msgtype={what}\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def archive(tmp_path, records, pack=gzip.compress):
    path = tmp_path / ("a.warc.gz" if pack is gzip.compress else "a.warc")
    path.write_bytes(b"".join(map(pack, records)))
    return path


def documents(location, known=None, client=None, kind="warc", **more):
    source = SourceSettings(id="s", kind=kind, location=str(location), **more)
    return Documents(source, known, client, "run", lambda: NOW)


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
def test_pages_of_an_archive(tmp_path, pack):
    records = [
        record(1), record(2, status="404 Not Found"), record(3, kind="image/png"),
        record(4, what="request"),
        record(5, body=gzip.compress(b"<p>five</p>"), headers="Content-Encoding: gzip\r\n"),
        record(6, body=b"<p>six</p>", headers="Content-Encoding: gzip\r\n"),
        record(8, what="warcinfo"),
        record(7, body=b"8\r\n<p>seven\r\n4\r\n</p>\r\n0\r\n\r\n",
               headers="Transfer-Encoding: chunked\r\n"),
    ]  # fmt: skip
    read = documents(archive(tmp_path, records, pack))
    items = [f.item for f in read if f.item]
    assert [i.where[-1] for i in items] == ["1", "5", "6", "7"]
    assert [i.body for i in items[1:]] == [b"<p>five</p>", b"<p>six</p>", b"<p>seven</p>"]
    assert {i.fetched_at for i in items} == {THEN}
    assert items[0].content_type == "text/html; charset=utf-8"
    state = read.state()
    assert (state["entries"], state["failures"]) == (4, 0)
    assert state["position"] == sum(len(pack(r)) for r in records)


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
def test_a_run_goes_on_at_the_record_where_the_last_stopped(tmp_path, pack):
    path = archive(tmp_path, [record(n) for n in range(7)], pack)
    known, seen = None, []
    for _ in range(5):
        read = documents(path, known, limit=3)
        seen.append([f.item.where[-1] for f in read])
        known = read.state()
    assert seen == [["0", "1", "2"], ["3", "4", "5"], ["6"], [], []]
    # more is added later, and only that is read
    with path.open("ab") as file:
        file.write(pack(record(8)))
    assert [f.item.where[-1] for f in documents(path, known)] == ["8"]
    path.write_bytes(pack(record(9)))  # a shorter one is another one
    assert [f.item.where[-1] for f in documents(path, known)] == ["9"]


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
@pytest.mark.parametrize("cut", [12, 40, 120, 200])
def test_a_torn_archive_waits_at_the_torn_record(tmp_path, pack, cut):
    path = archive(tmp_path, [record(n) for n in range(3)], pack)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - (cut if pack is gzip.compress else cut + 4)])
    read = documents(path)
    *good, torn = list(read)
    assert [f.item.where[-1] for f in good] == ["0", "1"]
    assert torn.record["error_class"] in ("file:torn", "file:warc")
    assert read.state()["position"] == sum(len(pack(record(n))) for n in (0, 1))
    path.write_bytes(whole)
    assert [f.item.where[-1] for f in documents(path, read.state())] == ["2"]


def test_other_things_are_no_archive(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(b"<html>hello</html>" * 99)
    read = documents(path)
    (problem,) = list(read)
    assert problem.record["error_class"] == "file:warc"
    assert read.failed
    assert read.state()["failures"] == 1
    read = documents(tmp_path / "none")
    assert [f.record["error_class"] for f in read] == ["file:unreadable"]


def ranged(whole):
    def write(handler):
        first, _, last = handler.headers["Range"].removeprefix("bytes=").partition("-")
        part = whole[int(first) : int(last) + 1]
        handler.send_response(206 if part else 416)
        handler.send_header("Content-Length", str(len(part)))
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(part)

    return write


def test_an_archive_on_the_network_is_read_in_pieces(site, client):
    whole = b"".join(gzip.compress(record(n)) for n in range(9))
    url = site.set("/a.warc.gz")
    site.pages["/a.warc.gz"].write = ranged(whole)
    pages = list(iter_pages(RangeFile(url, client, piece=100)))
    assert [p.url[-1] for p in pages if isinstance(p, ArchivedPage)] == [str(n) for n in range(9)]
    assert site.count("/a.warc.gz") == len(whole) // 100 + 1
    read = documents(url, client=client, limit=5)
    assert len(list(read)) == 5
    assert [f.item.where[-1] for f in documents(url, read.state(), client)] == ["5", "6", "7", "8"]


def test_a_server_without_ranges_gives_all(site, client):
    whole = b"".join(gzip.compress(record(n)) for n in range(9))
    url = site.set("/a.warc.gz", whole)
    read = documents(url, client=client, limit=4)
    assert len(list(read)) == 4
    assert len(list(documents(url, read.state(), client))) == 5
    gone = documents(site.url + "/none", client=client)
    assert [f.record["error_class"] for f in gone] == ["http_404"]
    assert gone.failed


def test_memory_is_flat(tmp_path):
    path = tmp_path / "a.warc.gz"
    member = gzip.compress(record(1, body=b"<p>" + b"x" * 200_000))
    with path.open("wb") as file:
        for _ in range(500):
            file.write(member)
    tracemalloc.start()
    assert sum(f.item is not None for f in documents(path)) == 500
    assert tracemalloc.get_traced_memory()[1] < 5_000_000  # of 100 MB
    tracemalloc.stop()


def test_a_bomb_in_an_archive_is_a_problem_and_the_rest_goes_on(tmp_path):
    bomb = gzip.compress(bytes(30_000_000))
    path = archive(
        tmp_path, [record(1, body=bomb, headers="Content-Encoding: gzip\r\n"), record(2)]
    )
    with path.open("rb") as file:
        first, second = list(iter_pages(file))
    assert isinstance(first, ArchiveProblem)
    assert (first.rule, isinstance(second, ArchivedPage)) == ("too_large", True)


def item(number):
    words = f"The harbour bridge number {number} closes on Monday for six weeks of repairs."
    return {
        "uri": f"https://news.example/{number}", "type": "text", "headline": f"Bridge {number}",
        "body_text": words, "versioncreated": "2026-03-11T10:00:00Z", "language": "en",
    }  # fmt: skip


def test_ninjs_files_and_lists_become_articles(tmp_path, site, client):
    (tmp_path / "a.json").write_text(json.dumps(item(1)))
    (tmp_path / "b.ninjs").write_text(json.dumps({"items": [item(2), item(3)]}))
    (tmp_path / "c.json").write_text("not JSON")
    (tmp_path / "d.html").write_text("<p>no ninjs</p>")
    items = [f.item for f in documents(tmp_path, kind="ninjs") if f.item]
    outcomes, _ = extract_items(items, None)
    found = [o.extracted.headline for o in outcomes if isinstance(o, Incoming)]
    assert (found, len(outcomes)) == (["Bridge 1", "Bridge 2", "Bridge 3"], 4)
    url = site.set("/feed", json.dumps([item(4), item(5)]))
    read = documents(url, client=client, kind="ninjs")
    outcomes, _ = extract_items([f.item for f in read if f.item], None)
    assert [o.extracted.headline for o in outcomes] == ["Bridge 4", "Bridge 5"]


def test_a_folder_of_documents_leaves_other_json_out(tmp_path):
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "a.ninjs").write_text(json.dumps(item(1)))
    (tmp_path / "b.txt").write_text("words")
    read = documents(tmp_path, kind="files")
    assert [f.item.kind for f in read] == ["ninjs", "txt"]
    assert read.state()["entries"] == 2


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
def test_check_knows_archives(tmp_path, pack, site, client):
    path = archive(tmp_path, [record(0, what="warcinfo"), record(1), record(2)], pack)
    (found,) = check_files([str(path)])
    assert (found.listing.kind, len(found.listing.entries)) == ("warc", 2)
    assert 'kind = "warc"' in (to_toml(found) or "")
    url = site.set("/a.warc.gz", path.read_bytes())
    assert len(check_address(url, client).listing.entries) == 2
    assert check_address(site.url + "/none.warc", client).error[0] == "http_404"
