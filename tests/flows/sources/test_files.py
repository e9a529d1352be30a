from __future__ import annotations

import gzip
import os

from flows.sources.files import FileItem, FileProblem, Skipped, iter_files


def test_folder_in_sorted_order_with_lines_and_counts(tmp_path):
    (tmp_path / "b.html").write_bytes(b"<p>")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.jsonl").write_bytes(b'{"a":1}\r\n\n{"b":2}')
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(b"{}\n"))
    (tmp_path / "d.pdf").write_bytes(b"")
    (tmp_path / ".hidden.txt").write_bytes(b"")
    skipped = Skipped()
    items = list(iter_files(tmp_path, skipped=skipped))
    assert all(isinstance(item, FileItem) for item in items)
    assert [(i.where.removeprefix(f"{tmp_path}/"), i.kind, i.body) for i in items] == [
        ("a/x.jsonl:1", "jsonl", b'{"a":1}'),
        ("a/x.jsonl:3", "jsonl", b'{"b":2}'),
        ("b.html", "html", b"<p>"),
        ("c.jsonl.gz:1", "jsonl", b"{}"),
    ]
    assert skipped.by_suffix == {".pdf": 1}


def test_problems_do_not_end_the_run(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"a":1}\n' * 1000)[:-9])
    (tmp_path / "b.jsonl").write_bytes(b"x" * 500 + b"\n{}\n")
    (tmp_path / "c.txt").write_bytes(b"x" * 500)
    (tmp_path / "d.txt").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "e.txt")
    (tmp_path / "f.txt").write_bytes(b"well")
    items = list(iter_files(tmp_path, max_bytes=100))
    rules = [item.rule for item in items if isinstance(item, FileProblem)]
    assert rules == ["gzip", "too_large", "too_large", "unreadable", "unreadable"]
    assert isinstance(items[-1], FileItem)
    assert items[-1].body == b"well"
    assert f"{tmp_path}/b.jsonl:2" in [item.where for item in items]


def test_missing_location(tmp_path):
    (problem,) = iter_files(tmp_path / "none")
    assert isinstance(problem, FileProblem)
    assert problem.rule == "not_found"
