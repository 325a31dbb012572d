"""What is told of a hook that did not do well. Its file is done with all the same."""

from pathlib import Path
from typing import Final

from dropbox_agent.adapters.hooks.runner import Ended, NotStartable
from dropbox_agent.core.job import Job
from dropbox_agent.core.naming import shown
from dropbox_agent.errors import AgentError

LINES_TOLD: Final = 4
LONGEST_LINE: Final = 200
"""Of what a hook prints, the log gets only the end."""


def failure(job: Job, program: str, ended: Ended, report: Path) -> AgentError:
    """Say how a hook ended that did not end well."""
    what, code = f"The hook {program} for '{job.name}'", "hook-failed"
    if ended.code is None:
        how, code = "took too long and was ended", "hook-timeout"
        hint = "Give it more time with AGENT_HOOK_SECONDS, or let it hand long work to others."
    else:
        by_signal = ended.code < 0
        how = f"was ended by signal {-ended.code}" if by_signal else f"ended with {ended.code}"
        hint = f"The file itself is done with. Try the hook by hand: {program} < '{report}'"
    said = _last_lines(ended.said)
    return AgentError(f"{what} {how}{said and f': {said}'}.", hint=hint, code=code)


def not_started(job: Job, program: str, error: NotStartable) -> AgentError:
    """Say why a hook could not be run."""
    return AgentError(
        f"The hook {program} for '{job.name}' cannot be run: {error}.",
        hint="The agent's user must be able to run it. A script needs a first line such as "
        "#!/bin/sh that ends like a line of Unix, and the program named there.",
        code="hook-not-started",
    )


def put_off(job: Job, program: str, error: OSError) -> AgentError:
    """Say why a hook is not run now."""
    return AgentError(
        f"The hook {program} for '{job.name}' cannot be run now: {error.strerror or error}.",
        hint="It is tried again. See to room for temporary files, and to the machine's limits for "
        "processes and open files.",
        code="hook-put-off",
    )


def report_gone(job: Job, error: OSError) -> AgentError:
    """Say that there is nothing to give to a hook."""
    return AgentError(
        f"The hook for '{job.name}' is left out, as its report cannot be read: "
        f"{error.strerror or error}.",
        hint="Leave reports in place until their hook has been run.",
        code="hook-without-report",
    )


def not_noted(job: Job, error: OSError) -> AgentError:
    """Say why a hook may not be run."""
    return AgentError(
        f"The hook for '{job.name}' may be left out, as no note of it could be made: "
        f"{error.strerror or error}.",
        hint="See to room and rights of the state folder.",
        code="hook-not-noted",
    )


def _last_lines(said: str) -> str:
    lines = [shown(line.strip())[:LONGEST_LINE] for line in said.splitlines() if line.strip()]
    return " / ".join(lines[-LINES_TOLD:]).rstrip(".")
