"""Where log lines go: a terminal, the systemd journal, machines, a rotated file.

Code that logs says ``logger.bind(job=job_id).info("...")``; this module decides what becomes of
it. Every record passes one guard first: secrets are blanked, and whatever could start a new line
or move the cursor is escaped, so that the name of a file cannot forge a log line. Loguru's lock
cannot be entered twice: signal handlers must not log.
"""

import json
import logging
import math
import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

from loguru import logger

from dropbox_agent.errors import BadConfiguration, NoPermission

if TYPE_CHECKING:  # names that loguru has in its type stub only
    from loguru import Record

BLANK: Final = "[hidden]"
SHORTEST_SECRET: Final = 6
"""Anything shorter would blank parts of ordinary words."""

TOLD_AGAIN_SECONDS: Final = 3600.0
"""How long nothing more is said of lines that cannot be written to the log file."""

PRIORITIES: Final = ((50, 2), (40, 3), (30, 4), (25, 5), (20, 6), (0, 7))
"""Loguru's severities, from which on, and the journal's priorities for them (sd-daemon(3))."""

Form = Callable[["Record"], str]
"""Puts what a sink needs into the record and returns the template that shows it."""


class Secrets:
    """Texts that must never reach a log line. More may be added while logging runs."""

    def __init__(self, *texts: str) -> None:
        self._texts: tuple[str, ...] = ()
        self.add(*texts)

    def __repr__(self) -> str:
        return f"Secrets({len(self._texts)})"

    def add(self, *texts: str) -> None:
        """Hide these texts as well from now on; very short ones are left alone."""
        kept = {text for text in (*self._texts, *texts) if len(text) >= SHORTEST_SECRET}
        self._texts = tuple(sorted(kept, key=len, reverse=True))

    def hide(self, text: str) -> str:
        """Return the text with all secrets blanked."""
        for secret in self._texts:
            text = text.replace(secret, BLANK)
        return text


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log file that is set aside when it has grown.

    Attributes:
        path: The file being written; only the agent itself may open it.
        max_bytes: Size at which a new one is begun.
        keep: Number of older files to keep.
    """

    path: Path
    max_bytes: int
    keep: int


def start_logging(
    *,
    level: str = "info",
    form: str = "text",
    secrets: Secrets | None = None,
    file: LogFile | None = None,
    stream: TextIO | None = None,
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Send log lines where they are wanted, instead of where they went before.

    Warnings of the libraries we use, which log in Python's own way, go the same way.

    Args:
        level: ``debug``, ``info``, ``warning`` or ``error``: what is shown at least.
        form: ``text`` for people, or ``json``: one object a line.
        secrets: What to blank.
        file: A file to write as well. Never given by a command that runs beside the agent.
        stream: Where to write; standard error unless given.
        environ: Says whether the stream leads to the systemd journal.

    Raises:
        NoPermission: The log file may not be written.
        BadConfiguration: It cannot be written for another reason.
    """
    stop_logging()
    logger.configure(patcher=partial(_guard, secrets or Secrets()))
    common: dict[str, Any] = {"level": level.upper(), "backtrace": False, "diagnose": False}
    target = stream or sys.stderr
    if target is not None:  # a Windows service has none
        logger.add(target, format=_stream_form(form, target, environ), **common)
    logging.getLogger().addHandler(_LIBRARIES)
    if file is not None:
        form_there = _json if form == "json" else partial(_text, dated=True)
        logger.add(_opened(file, target), format=form_there, **common)


def stop_logging() -> None:
    """Close what ``start_logging`` opened; from then on nothing is logged."""
    logging.getLogger().removeHandler(_LIBRARIES)
    logger.remove()
    logger.configure(patcher=_leave_as_is)


def _opened(file: LogFile, tell: TextIO | None) -> "_PatientFile":
    try:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        return _PatientFile(file, tell)
    except OSError as error:
        problem = NoPermission if isinstance(error, PermissionError) else BadConfiguration
        raise problem(
            f"The log file {file.path} cannot be written: {error.strerror or error}.",
            hint="Change AGENT_LOG_FILE, or leave it empty to log to standard error only.",
            code="log-file",
        ) from error


def _stream_form(form: str, stream: TextIO, environ: Mapping[str, str]) -> Form:
    chosen = _json if form == "json" else _text
    if not leads_to_journal(stream, environ):
        return chosen
    return partial(_journal, _json if form == "json" else _untimed)


def leads_to_journal(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Compare with what systemd says of the stream it gave us, as systemd.exec(5) advises."""
    try:
        facts = os.fstat(stream.fileno())
    except (OSError, ValueError, AttributeError):
        return False
    return environ.get("JOURNAL_STREAM") == f"{facts.st_dev}:{facts.st_ino}"


def _text(record: "Record", *, dated: bool = False) -> str:
    when = record["time"] if dated else record["time"].timetz()
    _attach(record, when=when.isoformat(timespec="seconds"), what=_what(record))
    return "{when} <level>{level.name: <8}</level> {what}\n"


def _untimed(record: "Record") -> str:
    _attach(record, what=_what(record))
    return "{level.name: <8} {what}\n"


def _what(record: "Record") -> str:
    told = str(record["extra"].get("exception", ""))
    lines = [f"{record['extra'].get('job') or '-'}  {record['message']}"]
    lines += [f"    | {line}" for line in told.splitlines()]
    return "\n".join(lines)


def _json(record: "Record") -> str:
    extra = record["extra"]
    facts = {
        "time": record["time"].isoformat(timespec="milliseconds"),
        "level": record["level"].name.lower(),
        "job": extra.get("job"),
        "message": record["message"],
    }
    others = {name: value for name, value in extra.items() if name not in facts}
    _attach(record, what=json.dumps(facts | others, ensure_ascii=False))
    return "{what}\n"


def _journal(form: Form, record: "Record") -> str:
    template = form(record)
    severity = record["level"].no
    priority = next(priority for least, priority in PRIORITIES if severity >= least)
    what = cast("dict[str, str]", record)["what"]
    _attach(record, what=what.replace("\n", f"\n<{priority}>"))  # each line is an entry there
    return f"\\<{priority}>{template}"


def _attach(record: "Record", **values: str) -> None:
    """Put values where a template finds them; inside the template they would be parsed."""
    cast("dict[str, str]", record).update(values)


def _guard(secrets: Secrets, record: "Record") -> None:
    """Make a record safe to show. Tracebacks are formatted here, without values of variables."""
    record["message"] = _safe(secrets, record["message"])
    record["extra"] = {
        _safe(secrets, str(name)): _plain(secrets, value) for name, value in record["extra"].items()
    }
    if record["exception"] is not None:
        told = "".join(traceback.format_exception(record["exception"].value)).splitlines()
        record["extra"]["exception"] = "\n".join(_safe(secrets, line) for line in told)
        record["exception"] = None


def _plain(secrets: Secrets, value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return _safe(secrets, str(value))


def _safe(secrets: Secrets, text: str) -> str:
    shown = secrets.hide(text)
    if shown.isprintable():
        return shown
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in shown)


def _leave_as_is(_record: "Record") -> None:
    """Stand in for the guard while nothing is logged."""


class _PatientFile(RotatingFileHandler):
    """Goes on when a line cannot be written, and says so on the other stream now and then.

    The disk may be full, or away. Loguru's own file would print a traceback for each line.
    """

    terminator = ""  # the lines have their ends already

    def __init__(self, file: LogFile, tell: TextIO | None) -> None:
        super().__init__(
            file.path, maxBytes=file.max_bytes, backupCount=file.keep, encoding="utf-8"
        )
        self._tell = tell
        self._told_until = -math.inf

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, into a new file if somebody has moved the old one away."""
        if not os.path.exists(self.baseFilename):  # noqa: PTH110 - as the library has it
            with suppress(OSError):
                super().close()
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002 - the library's
        """Say that lines are missing. It cannot be logged: loguru's lock is held here."""
        now = time.monotonic()
        if self._tell is None or now < self._told_until:
            return
        self._told_until = now + TOLD_AGAIN_SECONDS
        line = f"Lines are missing in the log file {self.baseFilename}: {sys.exception()}"
        with suppress(OSError, ValueError):
            print(_safe(Secrets(), line), file=self._tell, flush=True)

    def close(self) -> None:
        """Close it; what could not be written before, cannot be now."""
        with suppress(OSError):
            super().close()


class _Libraries(logging.Handler):
    """Hands over what libraries log in Python's own way."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log it as ours, with the library's name."""
        level = "ERROR" if record.levelno >= logging.ERROR else "WARNING"
        logged = logger.opt(exception=record.exc_info).bind(library=record.name)
        logged.log(level, record.getMessage())


_LIBRARIES: Final = _Libraries(level=logging.WARNING)
