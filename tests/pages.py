"""The pages that people read, taken apart: headings, blocks of code, words in backticks, links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
FENCE: Final = re.compile(r"^( *)```([\w_-]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
HEADING: Final = re.compile(r"^(#+) +(.*?) *$", re.MULTILINE)
CODE: Final = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
LINK: Final = re.compile(r"\[[^\]]*\]\(<?([^)>\s]+)>?\)")


@dataclass(frozen=True)
class Block:
    """A block of code between fences.

    Attributes:
        language: What stands after the first fence.
        text: What stands between them.
        heading: The nearest heading above, without its marks; empty above the first.
    """

    language: str
    text: str
    heading: str


@dataclass(frozen=True)
class Page:
    """One page in Markdown.

    Attributes:
        path: Where it lies.
    """

    path: Path

    @property
    def name(self) -> str:
        """Its path in the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        """All of it."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """All but the blocks of code."""
        return FENCE.sub("", self.text)

    @cached_property
    def blocks(self) -> list[Block]:
        """The blocks of code, in their order."""
        return [
            Block(found[2], found[3], self._heading_above(found.start()))
            for found in FENCE.finditer(self.text)
        ]

    def block(self, language: str, heading: str) -> str:
        """Give the first block in a language below a heading that begins so."""
        return next(self.each_block(language, heading))

    def each_block(self, language: str, heading: str) -> Iterator[str]:
        """Give the blocks in a language below a heading that begins so."""
        for each in self.blocks:
            if each.language == language and each.heading.startswith(heading):
                yield each.text

    @cached_property
    def codes(self) -> list[str]:
        """What stands between backticks, in one line each; table cells have their pipes back."""
        found = (" ".join(each[2].split()) for each in CODE.finditer(self.prose))
        return [each.replace("\\|", "|") for each in found]

    @cached_property
    def links(self) -> list[str]:
        """Where links lead to."""
        return LINK.findall(CODE.sub("", self.prose))

    @cached_property
    def anchors(self) -> set[str]:
        """The names under which headings can be linked to, as GitHub makes them."""
        anchors: set[str] = set()
        for found in HEADING.finditer(self.prose):
            plain = LINK.sub(lambda link: link[0][1:].partition("]")[0], found[2])
            anchor = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
            number = 0
            while (name := f"{anchor}-{number}" if number else anchor) in anchors:
                number += 1
            anchors.add(name)
        return anchors

    def _heading_above(self, place: int) -> str:
        above = FENCE.sub("", self.text[:place])
        headings = HEADING.findall(above)
        return headings[-1][1] if headings else ""


PAGES: Final = tuple(
    Page(path) for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
)
"""Those for administrators."""
