"""The message that a batch of news becomes: a title and a text in plain words."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dropbox_agent.core.digest import Batch, News, Topic
from dropbox_agent.core.naming import shown

CAPS: Final = (10, 5, 3, 1, 0)
"""How much of each topic is told one by one: as much as there is room for."""

LONGEST_LINE: Final = 600

_ONE_WORD: Final = re.compile(r"[\w%+=:,./-]+")

WORDS: Final = {
    Topic.FAILED: "failed",
    Topic.REJECTED: "rejected",
    Topic.PARTIAL: "imported in part",
    Topic.HELD: "held",
    Topic.PAUSED: "paused",
    Topic.STALLED: "stalled",
    Topic.MISSING: "missing",
}
"""For each topic how it is called in a title, behind a number."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who tells the news.

    Attributes:
        host: The machine's name.
        home: The home folder.
    """

    host: str
    home: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent.

    Attributes:
        title: One line.
        body: Several lines of plain text.
        is_good: Whether it tells of nothing but troubles that are over.
    """

    title: str
    body: str
    is_good: bool


def compose(batch: Batch, sender: Sender, room: int) -> Message:
    """Write the message for a batch of news.

    Args:
        batch: What to tell.
        sender: Who tells it.
        room: How many letters the text may have.
    """
    title = f"dropbox-agent on {_line(sender.host)}: {_counts(batch)}"
    bodies = (_body(batch, sender, cap) for cap in CAPS)
    body = next((each for each in bodies if len(each) <= room), "")
    if not body:
        body = _counts(batch)[:room]
    return Message(title, body, is_good=all(each.is_over for each in batch.news) and not batch.more)


def trial_message(sender: Sender) -> Message:
    """Write a message that only shows that messages arrive."""
    return Message(
        f"dropbox-agent on {_line(sender.host)}: a test",
        "Somebody has tried whether messages of dropbox-agent arrive here. They do.\n\n"
        + _from(sender),
        is_good=True,
    )


def _counts(batch: Batch) -> str:
    """Write ``2 failed, 1 held, 3 over``."""
    troubles = Counter(each.topic for each in batch.news if not each.is_over) + batch.more
    over = sum(each.is_over for each in batch.news)
    told = [f"{troubles[topic]:,} {words}" for topic, words in WORDS.items() if troubles[topic]]
    return ", ".join([*told, *([f"{over:,} over"] if over else [])])


def _body(batch: Batch, sender: Sender, cap: int) -> str:
    blocks = list(_blocks(batch, cap))
    return "\n\n".join([*blocks, _from(sender)])


def _blocks(batch: Batch, cap: int) -> Iterator[str]:
    for topic, words in WORDS.items():
        news = [each for each in batch.news if each.topic is topic and not each.is_over]
        if news or batch.more[topic]:
            yield _block(words.upper(), news, batch.more[topic], cap)
    if over := [each for each in batch.news if each.is_over]:
        yield _block("OVER", over, 0, cap)


def _block(heading: str, news: list[News], more: int, cap: int) -> str:
    more += len(news[cap:])
    lines = [heading, *(line for each in news[:cap] for line in _lines(each))]
    if more:
        lines.append(f"... and {more:,} more" if cap else f"{more:,} in all")
    return "\n".join(lines)


def _lines(news: News) -> Iterator[str]:
    yield f"- {_line(news.subject)}"
    if news.detail:
        yield f"  {_line(news.detail)}"
    if news.where:
        yield f"  {_line(news.where)}"


def _from(sender: Sender) -> str:
    see = f"dropbox-agent status --home {_quoted(_line(sender.home))}"
    return f"Home: {_line(sender.home)} on {_line(sender.host)}. See: {see}"


def _quoted(path: str) -> str:
    """Write a path as a shell takes it for one word."""
    return path if _ONE_WORD.fullmatch(path) else "'" + path.replace("'", "'\"'\"'") + "'"


def _line(text: str) -> str:
    """Write a text on one line that is nobody's name in a chat, whatever a file is called."""
    line = shown(text).replace("@", "(at)").replace("<!", "< !")
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 3]}..."
