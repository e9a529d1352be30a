"""The prompt of `dateline sql`."""

from __future__ import annotations

import os
import pydoc
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
from prompt_toolkit import PromptSession
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import PygmentsLexer
from pygments.lexers.sql import SqlLexer

from flows.sql.complete import COMMANDS, SqlCompleter
from flows.sql.explain import explain, find_near
from flows.sql.form import BINARY, FORMATS, to_table, write_answer
from flows.sql.names import Name, find_names, meaning
from warehouse.views import Definition, find_definitions

HISTORY = ".sql_history"
PAGED = 2_000
"""Rows of a table that the pager holds."""


def open_prompt(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    """Read statements that end in a semicolon until .quit or end of input."""
    names = find_names(connection)
    session: PromptSession[str] = PromptSession(
        history=_history(root),
        completer=SqlCompleter(names),
        complete_while_typing=False,
        lexer=PygmentsLexer(SqlLexer),
        multiline=Condition(lambda: not is_complete(session.default_buffer.text)),
        prompt_continuation=lambda width, line, wrap: "...> ".rjust(width),
        key_bindings=_keys(),
    )
    print("SQL ends with ; - Tab completes, .examples shows what to ask, .help the rest")
    print("You see the warehouse as it is now; nights to come are there when you start again.")
    Prompt(connection, names, session.prompt).loop()


def is_complete(text: str) -> bool:
    """Whether Enter sends what is typed: a dot command, nothing, or SQL that ends in a ;."""
    stripped = text.strip()
    return not stripped or stripped.startswith(".") or stripped.endswith(";")


def _history(root: Path) -> History:
    """The history in the warehouse folder, or for this session where that may not be written."""
    path = root / HISTORY
    writable = os.access(path if path.exists() else root, os.W_OK)
    return FileHistory(str(path)) if writable else InMemoryHistory()


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        """Alt-Enter sends a statement without its semicolon."""
        event.current_buffer.validate_and_handle()

    return keys


class Prompt:
    """A person's session: how answers are shown, and what the dot commands do."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        names: dict[str, Name],
        read: Callable[[str], str],
    ) -> None:
        self.connection = connection
        self.names = names
        self.read = read
        self.mode = "table"
        self.timer = True

    def loop(self) -> None:
        """Answer until .quit or end of input; an error or Ctrl-C ends no session."""
        while True:
            try:
                text = self.read("dateline> ").strip()
            except KeyboardInterrupt:
                continue
            except EOFError:
                return
            if text in (".quit", ".exit"):
                return
            try:
                if text.startswith("."):
                    show("".join(f"{line}\n" for line in self.command(*text.split())))
                elif text:
                    self.answer(text)
            except (KeyboardInterrupt, duckdb.InterruptException):
                print("Stopped.")
            except duckdb.Error as error:
                print(explain(self.connection, error, text))

    def answer(self, query: str) -> None:
        """Show what a query gives, and how long it took."""
        clock = time.perf_counter()
        if self.mode == "table":
            text = to_table(self.connection, query, PAGED)
            taken = time.perf_counter() - clock
            show(text)
        else:
            write_answer(self.connection, query, self.mode, None)
            taken = time.perf_counter() - clock
        if self.timer:
            print(f"{taken:.2f} s")

    def command(self, name: str, *words: str) -> Iterator[str]:
        """The lines that a dot command answers."""
        if name == ".tables":
            yield from self._tables()
        elif name == ".schema":
            for table in words or [n.name for n in self.names.values() if n.kind == "table"]:
                yield from self._schema(table)
        elif name == ".examples":
            yield from _examples(" ".join(words).lower())
        elif name == ".example" and words:
            yield from self._example(words[0])
        elif name == ".mode" and words and words[0] in FORMATS and words[0] not in BINARY:
            self.mode = words[0]
        elif name == ".mode":
            yield f"Choose {', '.join(f for f in FORMATS if f not in BINARY)}; it is {self.mode}."
        elif name == ".timer" and words and words[0] in ("on", "off"):
            self.timer = words[0] == "on"
        else:
            yield from (f"{command:10} {what}" for command, what in COMMANDS.items())

    def _tables(self) -> Iterator[str]:
        width = max(len(name.call) for name in self.names.values())
        for kind in ("table", "view", "macro"):
            yield f"{kind}s"
            for name in self.names.values():
                if name.kind == kind:
                    first = name.description.split(". ")[0].split(": ")[0].rstrip(".")
                    yield f"  {name.call:<{width}}  {_cut(first, width + 4)}"

    def _schema(self, table: str) -> Iterator[str]:
        name = self.names.get(table.lower())
        if name is None:
            yield _unknown("table, view or macro", table, list(self.names))
            return
        yield f"{name.call}: {name.description}"
        wide = max((len(c) for c in name.columns), default=0)
        for column, kind in name.columns.items():
            kind = kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")
            yield f"  {column:<{wide}}  {kind:<11}  {_cut(meaning(name.name, column), wide + 17)}"

    def _example(self, name: str) -> Iterator[str]:
        for one in find_definitions():
            if one.name == name:
                print(one.example)
                self.answer(one.example)
                return
        yield _unknown("example", name, [one.name for one in find_definitions()])


def _unknown(what: str, name: str, names: list[str]) -> str:
    near = find_near(name, names)
    return f"there is no {what} {name}" + (f": did you mean {near}?" if near else "")


def _cut(text: str, taken: int) -> str:
    """What of a text the rest of the line has room for."""
    return textwrap.shorten(text, max(40, shutil.get_terminal_size((120, 40)).columns - taken))


def _examples(word: str) -> Iterator[str]:
    for one in find_definitions():
        if word in _searched(one):
            yield f"-- {one.name}: {one.title}"
            yield one.example
            yield ""


def _searched(one: Definition) -> str:
    return f"{one.name} {one.title} {one.description} {one.example}".lower()


def show(text: str) -> None:
    """Print, through the pager where the terminal is too low."""
    if sys.stdout.isatty() and text.count("\n") >= shutil.get_terminal_size().lines:
        os.environ.setdefault("LESS", "-SRFX")
        pydoc.pager(text)
        return
    print(text, end="")
