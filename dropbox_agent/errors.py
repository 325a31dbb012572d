"""Errors made for people: what happened, what to do next, and a stable code.

This module imports nothing of ours, so that everything may use it. Bad customer data is not an
error here: it is a list of issues (see ``core/issue.py``).
"""

from typing import ClassVar


class AgentError(Exception):
    """Something went wrong that a person can understand and mend.

    The same three texts go to the terminal, the log and the report.

    Attributes:
        message: What happened, in one or two sentences.
        hint: What to do next.
        code: A stable kebab-case name, for searching and for scripts.
        exit_code: What a command that ends with this error returns to its caller.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code


class NotThere(AgentError):
    """A command names something that there is not: the command has to be another one."""

    exit_code = 2


class TryLater(AgentError):
    """Nothing is wrong with the request; the time or the place is (network, disk, queue)."""

    exit_code = 75


class NoPermission(AgentError):
    """The operating system refuses us a file or folder."""

    exit_code = 77


class BadConfiguration(AgentError):
    """The settings or folders are not as the agent needs them."""

    exit_code = 78


class AlreadyRunning(AgentError):
    """Another agent works on the same home folder."""

    exit_code = 79
