"""Tests for log lines: their forms, and what must never be in them."""

import io
import json
import logging
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from loguru import logger

from dropbox_agent.adapters.logs import LogFile, Secrets, start_logging, stop_logging
from dropbox_agent.errors import AgentError

KEY = "0123abcd:s3cret-half"


@pytest.fixture(autouse=True)
def _logging_ends() -> Iterator[None]:
    """Close all sinks after each test."""
    yield
    stop_logging()


@pytest.fixture
def screen() -> io.StringIO:
    """What stands for standard error."""
    return io.StringIO()


def lines(screen: io.StringIO) -> list[str]:
    """Return the lines on the screen."""
    return screen.getvalue().splitlines()


def broken(message: str, row: str) -> None:
    """Fail while a variable holds the values of a row."""
    raise ValueError(message + row[:0])


class TestText:
    """The form for people."""

    def test_a_fact_is_one_line(self, screen: io.StringIO) -> None:
        """Time with its offset from UTC, level, job and message."""
        start_logging(stream=screen)
        logger.bind(job="j1").info("sent 3 rows")
        logger.warning("no job")
        first, second = (line.split(maxsplit=1) for line in lines(screen))
        assert datetime.fromisoformat(f"2026-01-01T{first[0]}").tzinfo
        assert first[1] == "INFO     j1  sent 3 rows"
        assert second[1] == "WARNING  -  no job"

    def test_less_than_the_level_is_not_shown(self, screen: io.StringIO) -> None:
        """The level is the least that is shown."""
        start_logging(level="warning", stream=screen)
        logger.info("hardly worth it")
        logger.error("worth it")
        assert [line.split()[-2:] for line in lines(screen)] == [["worth", "it"]]

    def test_no_colours_off_a_terminal(self, screen: io.StringIO) -> None:
        """What is redirected holds no control sequences."""
        start_logging(stream=screen)
        logger.error("x")
        assert "\x1b" not in screen.getvalue()

    def test_braces_and_tags_are_shown_as_they_are(self, screen: io.StringIO) -> None:
        """A message is text, not a template, whatever a file is called."""
        start_logging(stream=screen)
        logger.bind(job="<red>{job}").info("took {0} </red> {extra[x]} \\<b>.csv")
        assert "<red>{job}  took {0} </red> {extra[x]} \\<b>.csv" in screen.getvalue()

    def test_a_traceback_is_indented_and_shows_no_values(self, screen: io.StringIO) -> None:
        """A surprise leaves its traceback, but not what the variables held."""
        start_logging(stream=screen)
        try:
            broken("broken\n12:00:00 INFO forged", row="ann@" + "example.com")
        except ValueError:
            logger.exception("surprise")
        first, *rest = lines(screen)
        assert first.endswith("surprise")
        assert rest
        assert all(line.startswith("    | ") for line in rest)
        assert "ann@example.com" not in screen.getvalue()


class TestJson:
    """The form for machines."""

    def test_each_line_is_one_small_object(self, screen: io.StringIO) -> None:
        """Time, level, job, message and what was bound; nothing of the logging itself."""
        start_logging(form="json", stream=screen)
        logger.bind(job="j1", rows=3, share=0.5, path=Path("a.csv")).info("sent")
        fact = json.loads(screen.getvalue())
        assert datetime.fromisoformat(fact.pop("time")).tzinfo
        assert fact == {
            "level": "info", "job": "j1", "message": "sent",
            "rows": 3, "share": 0.5, "path": "a.csv",
        }  # fmt: skip

    def test_bound_fields_cannot_replace_the_message(self, screen: io.StringIO) -> None:
        """A field called like one of ours loses."""
        start_logging(form="json", stream=screen)
        logger.bind(message="forged", share=float("nan")).info("real")
        fact = json.loads(screen.getvalue())
        assert fact["message"] == "real"
        assert fact["share"] == "nan"
        assert fact["job"] is None

    def test_a_traceback_is_one_field(self, screen: io.StringIO) -> None:
        """A surprise is one line too."""
        start_logging(form="json", stream=screen)
        try:
            _ = 1 / 0
        except ZeroDivisionError:
            logger.exception("surprise")
        (line,) = lines(screen)
        assert json.loads(line)["exception"].endswith("ZeroDivisionError: division by zero")


@pytest.mark.parametrize("form", ["text", "json"])
class TestSafety:
    """What a line must never do, in either form."""

    def test_the_key_is_blanked_everywhere(self, screen: io.StringIO, form: str) -> None:
        """In the message, in bound fields, in the text of exceptions, whole or half."""
        start_logging(form=form, secrets=Secrets(KEY, "s3cret-half"), stream=screen)
        try:
            broken(f"apiKey {KEY}", row="")
        except ValueError:
            logger.bind(job=KEY, url=f"https://x/?k={KEY}").exception(f"a {KEY} b s3cret-half")
        assert "s3cret" not in screen.getvalue()
        assert "a [hidden] b [hidden]" in screen.getvalue()

    def test_a_key_learned_later_is_blanked_from_then_on(
        self, screen: io.StringIO, form: str
    ) -> None:
        """A key replaced while the agent runs is as secret as the first."""
        secrets = Secrets()
        start_logging(form=form, secrets=secrets, stream=screen)
        secrets.add(KEY)
        logger.info(KEY)
        assert KEY not in screen.getvalue()
        assert KEY not in repr(secrets)

    @pytest.mark.parametrize(
        "name",
        [
            "a\n12:00:00 INFO forged.csv", "a\r\x1b[2Jb.csv", "a\x00.csv", "a\x85b\u2028c.csv",
            "a\u202evsc.csv", "a\udcff.csv",
        ],
    )  # fmt: skip
    def test_a_hostile_name_cannot_forge_a_line(
        self, screen: io.StringIO, form: str, name: str
    ) -> None:
        """Line ends, control characters and half characters show as escapes, in one line."""
        start_logging(form=form, stream=screen)
        logger.bind(job=name, file=name).info(f"took {name}")
        (line,) = lines(screen)
        assert line.isprintable()
        assert line.encode()
        assert "\\" in line


def test_secrets_too_short_to_be_one_are_left_alone() -> None:
    """A one-letter secret would blank ordinary words."""
    assert Secrets("a", "").hide("banana") == "banana"


def test_warnings_of_libraries_go_the_same_way(screen: io.StringIO) -> None:
    """What a library logs in Python's own way appears, with its name; its chatter does not."""
    start_logging(form="json", stream=screen)
    logging.getLogger("urllib3.pool").warning("retry %d", 2)
    logging.getLogger("urllib3.pool").info("chatter")
    (line,) = lines(screen)
    fact = json.loads(line)
    assert (fact["level"], fact["message"], fact["library"]) == (
        "warning", "retry 2", "urllib3.pool",
    )  # fmt: skip


def test_nothing_is_logged_after_the_end(screen: io.StringIO) -> None:
    """Stopping closes every sink and gives the libraries' log back."""
    start_logging(stream=screen)
    stop_logging()
    logger.error("x")
    assert _no_handler_of_ours()
    assert screen.getvalue() == ""


def _no_handler_of_ours() -> bool:
    handlers = logging.getLogger().handlers
    return not any(type(each).__module__.startswith("dropbox_agent") for each in handlers)


class TestJournal:
    """Standard error that systemd reads."""

    def environ(self, stream: io.TextIOBase) -> dict[str, str]:
        """Say of a stream what systemd says of the one that it gives a service."""
        facts = os.fstat(stream.fileno())
        return {"JOURNAL_STREAM": f"{facts.st_dev}:{facts.st_ino}"}

    @pytest.mark.parametrize(
        ("level", "priority"),
        [("DEBUG", 7), ("INFO", 6), ("SUCCESS", 5), ("WARNING", 4), ("ERROR", 3), ("CRITICAL", 2)],
    )
    def test_lines_carry_a_priority_and_no_time(
        self, tmp_path: Path, level: str, priority: int
    ) -> None:
        """The journal has its own time, and reads the level from a prefix."""
        with (tmp_path / "journal").open("w+") as stream:
            start_logging(level="debug", stream=stream, environ=self.environ(stream))
            logger.bind(job="j1").log(level, "sent")
        assert (tmp_path / "journal").read_text() == f"<{priority}>{level:<8} j1  sent\n"

    def test_every_line_of_a_traceback_carries_it(self, tmp_path: Path) -> None:
        """Each line is an entry of its own there."""
        with (tmp_path / "journal").open("w+") as stream:
            start_logging(stream=stream, environ=self.environ(stream))
            try:
                _ = 1 / 0
            except ZeroDivisionError:
                logger.exception("surprise")
        told = (tmp_path / "journal").read_text().splitlines()
        assert len(told) > 2
        assert all(line.startswith("<3>") for line in told)

    def test_json_keeps_its_form(self, tmp_path: Path) -> None:
        """Behind the prefix, which the journal takes off, is the object."""
        with (tmp_path / "journal").open("w+") as stream:
            start_logging(form="json", stream=stream, environ=self.environ(stream))
            logger.info("sent")
        prefix, fact = (tmp_path / "journal").read_text().split(">", 1)
        assert prefix == "<6"
        assert json.loads(fact)["message"] == "sent"

    def test_another_stream_is_not_taken_for_the_journal(self, tmp_path: Path) -> None:
        """A redirected standard error inherits the variable, but is another file."""
        with (tmp_path / "log").open("w+") as stream:
            start_logging(stream=stream, environ={"JOURNAL_STREAM": "1:2"})
            logger.info("sent")
        assert not (tmp_path / "log").read_text().startswith("<")


class TestFile:
    """The log file."""

    def test_it_has_whole_dates(self, tmp_path: Path, screen: io.StringIO) -> None:
        """A file is read days later, so its times have a date; the screen has the line too."""
        path = tmp_path / "logs {1}" / "agent.log"
        start_logging(file=LogFile(path, 10_000, 2), stream=screen)
        logger.bind(job="j1").info("sent é\udcff")
        when, what = path.read_text(encoding="utf-8").split(maxsplit=1)
        assert datetime.fromisoformat(when).tzinfo
        assert what == "INFO     j1  sent é\\udcff\n"
        assert len(lines(screen)) == 1

    def test_it_is_set_aside_when_it_has_grown(self, tmp_path: Path, screen: io.StringIO) -> None:
        """No file grows past the limit, and only so many old ones are kept."""
        start_logging(form="json", file=LogFile(tmp_path / "agent.log", 500, 2), stream=screen)
        for number in range(50):
            logger.info(f"line {number}")
        files = list(tmp_path.iterdir())
        assert len(files) == 3
        assert all(path.stat().st_size <= 550 for path in files)
        last = (tmp_path / "agent.log").read_text(encoding="utf-8").splitlines()[-1]
        assert json.loads(last)["message"] == "line 49"

    def test_one_that_somebody_moved_away_is_begun_anew(
        self, tmp_path: Path, screen: io.StringIO
    ) -> None:
        """As logrotate and people do."""
        path = tmp_path / "agent.log"
        start_logging(file=LogFile(path, 10_000, 2), stream=screen)
        logger.info("one")
        if sys.platform != "win32":  # where it cannot be moved while it is open
            path.rename(tmp_path / "old.log")
        logger.info("two")
        assert path.read_text(encoding="utf-8").endswith("two\n")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is full")
    def test_lines_that_a_full_disk_does_not_take_are_told_of_once(
        self, screen: io.StringIO, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """In one plain line, and the screen has the lines themselves."""
        start_logging(file=LogFile(Path("/dev/full"), 10_000, 2), stream=screen)
        for number in range(1000):
            logger.info(f"line {number}")
        stop_logging()
        (told,) = (line for line in lines(screen) if not line[0].isdigit())
        assert told.startswith("Lines are missing in the log file /dev/full: ")
        assert "No space left" in told
        assert len(lines(screen)) == 1001
        assert capfd.readouterr() == ("", "")

    def test_one_that_cannot_be_written_is_a_plain_error(self, tmp_path: Path) -> None:
        """The message names the file, the hint the setting."""
        with pytest.raises(AgentError, match="cannot be written") as told:
            start_logging(file=LogFile(tmp_path, 500, 2), stream=io.StringIO())
        assert told.value.code == "log-file"
        assert "AGENT_LOG_FILE" in told.value.hint


def test_standard_error_is_where_lines_go(capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output belongs to what a command prints."""
    start_logging()
    logger.info("sent")
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.endswith("sent\n")
    assert sys.stderr is not None
