"""Completion at the prompt: tables after FROM, columns of the tables that a statement names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from flows.sql.names import Name, meaning

KEYWORDS = (
    "SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "JOIN", "LEFT JOIN",
    "USING", "ON", "AND", "OR", "NOT", "IN", "IS NULL", "IS NOT NULL", "ILIKE", "BETWEEN", "AS",
    "DISTINCT", "WITH", "UNION ALL", "QUALIFY", "CASE", "WHEN", "THEN", "ELSE", "END", "DESC",
    "count(*)", "sum(", "min(", "max(", "avg(", "list(", "coalesce(", "lake.",
)  # fmt: skip
COMMANDS = {
    ".tables": "tables, views and macros, with what they hold",
    ".schema": "columns of a table or view, with what they mean",
    ".examples": "questions that can be asked, all or those with a word",
    ".example": "ask the example of a view or macro",
    ".mode": "form of answers: table, csv, json, plot",
    ".timer": "on or off",
    ".help": "these commands",
    ".quit": "leave",
}
_SOURCE = re.compile(
    r"\b(?:FROM|JOIN)\s+(?:lake\.)?(\w+)(?:\s*\([^)]*\))?(?:\s+(?:AS\s+)?(\w+))?", re.I
)


class SqlCompleter(Completer):
    """Completes what stands before the cursor."""

    def __init__(self, names: Mapping[str, Name]) -> None:
        self.names = names

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """What may follow, the likeliest first."""
        before = document.text_before_cursor
        if document.text.lstrip().startswith("."):
            yield from self._commands(before.lstrip())
            return
        word = re.search(r"[\w.]*$", before)
        typed = word[0] if word else ""
        seen: set[str] = set()
        for text, what in self._words(before[: len(before) - len(typed)], document.text, typed):
            if text.lower().startswith(typed.lower()) and text not in seen:
                seen.add(text)
                yield Completion(text, -len(typed), display_meta=what[:60])

    def _commands(self, before: str) -> Iterator[Completion]:
        command, space, rest = before.partition(" ")
        if not space:
            for name, what in COMMANDS.items():
                if name.startswith(command):
                    yield Completion(name, -len(command), display_meta=what)
            return
        for one in self.names.values():
            if one.name.startswith(rest):
                yield Completion(one.name, -len(rest), display_meta=one.description[:60])

    def _words(self, before: str, statement: str, typed: str) -> Iterator[tuple[str, str]]:
        if re.search(r"\b(FROM|JOIN|INTO|DESCRIBE|lake\.)\s*$", before, re.I):
            for one in self.names.values():
                yield one.name + ("(" if one.kind == "macro" else ""), one.description
            return
        sources = [
            (self.names[table.lower()], alias)
            for table, alias in _SOURCE.findall(statement)
            if table.lower() in self.names
        ]
        owner = typed.rpartition(".")[0]
        for source, alias in sources:
            for column in source.columns:
                told = meaning(source.name, column)
                if not owner:
                    yield column, told
                elif owner in (alias, source.name):
                    yield f"{owner}.{column}", told
        if owner:
            return
        for keyword in KEYWORDS:
            yield keyword, ""
        for one in self.names.values():
            yield one.name, one.description
        if not sources:
            for one in self.names.values():
                for column in one.columns:
                    yield column, meaning(one.name, column)
