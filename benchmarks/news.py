"""Generated news: stories of invented words in the proportions of a language, and their copies."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

SYLLABLES = [c + v for c in "bdfgklmnprstv" for v in "aeiou"]
VOCABULARY = 20_000
TAIL = "All rights reserved. Sign up for our morning letter and follow us for more on this story."


@dataclass(frozen=True, slots=True)
class Piece:
    """A generated text; texts of one story have its number, others have None."""

    text: str
    story: int | None


class Newsroom:
    """Writes stories; the same seed gives the same."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        words = random.Random(1)  # one language for all
        self.words = ["".join(words.choices(SYLLABLES, k=1 + n % 4)) for n in range(VOCABULARY)]

    def word(self) -> str:
        """A word, common ones more often (Zipf)."""
        return self.words[int(VOCABULARY ** self.chance.random()) - 1]

    def name(self) -> str:
        """A name, which no other story has."""
        return "".join(self.chance.choices(SYLLABLES, k=4)).title()

    def sentence(self) -> str:
        """A sentence with now and then a name or a number."""
        words = [self.word() for _ in range(self.chance.randint(8, 25))]
        words.insert(3, self.name())
        if self.chance.random() < 0.5:
            words.insert(6, str(self.chance.randint(2, 9999)))
        return " ".join(words).capitalize() + "."

    def story(self) -> list[str]:
        """The sentences of a story of 60 to 700 words."""
        return [self.sentence() for _ in range(self.chance.randint(4, 40))]

    def copy(self, story: list[str]) -> str:
        """The story as another outlet may run it: cut, edited, re-set, with a lead or a credit."""
        made = list(story)
        changes = self.chance.sample(
            ("cut", "lead", "edit", "order", "set", "credit"), self.chance.choice((1, 1, 2))
        )
        if "cut" in changes:
            made = made[: max(2, int(len(made) * self.chance.uniform(0.75, 0.95)))]
        if "order" in changes and len(made) > 6:
            made[2:4], made[4:6] = made[4:6], made[2:4]
        if "edit" in changes:
            words = " ".join(made).split(" ")
            for _ in range(max(1, len(words) // 80)):
                words[self.chance.randrange(len(words))] = self.word()
            made = [" ".join(words)]
        if "lead" in changes:
            made.insert(0, " ".join(self.sentence().split()[: max(3, len(" ".join(made)) // 100)]))
        if "credit" in changes:
            made.insert(0, f"{self.name().upper()}, March 3 (Reuters) -")
        text = " ".join(made)
        return text.upper().replace(".", " !\n") if "set" in changes else text

    def notice(self, form: list[str]) -> str:
        """A text of a form that many fill in, each with its own names and numbers."""
        return " ".join(
            part if n % 2 else f"{part} {self._filling()}" for n, part in enumerate(form)
        )

    def _filling(self) -> str:
        return f"{self.name()} {self.chance.randint(2, 99999)} {self.name()}"

    def night(self, stories: int) -> Iterator[Piece]:
        """Stories, a third of them with copies; notices of a form; tails that all share."""
        for number in range(stories):
            story = self.story()
            yield Piece(" ".join(story), number)
            kind = self.chance.random()
            if kind < 0.35:
                for _ in range(self.chance.choice((1, 1, 2, 4))):
                    yield Piece(self.copy(story), number)
            elif kind < 0.45:
                form = [" ".join(self.word() for _ in range(9)) for _ in range(8)]
                for _ in range(3):
                    yield Piece(self.notice(form), None)
            elif kind < 0.55:
                yield Piece(f"{self.sentence()} {TAIL}", None)
