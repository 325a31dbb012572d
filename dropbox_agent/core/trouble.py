"""Any error, told so that people can do something about it."""

from dropbox_agent.errors import AgentError, NoPermission, TryLater


def as_trouble(error: Exception) -> AgentError:
    """Give any error the three texts that people need."""
    if isinstance(error, AgentError):
        return error
    if isinstance(error, OSError):
        what = error.strerror or str(error) or type(error).__name__
        path = error.filename2 or error.filename  # of a move, the place it cannot go to
        where = f" ({path})" if path else ""
        # Rights do not come by themselves: a run that ends with it tells that by its exit code.
        kind = NoPermission if isinstance(error, PermissionError) else TryLater
        trouble: AgentError = kind(
            f"The operating system says: {what}{where}.",
            hint="See to room, rights and mounts of the agent's folders. It is tried again.",
            code="disk-trouble",
        )
    else:
        trouble = TryLater(
            f"Something unforeseen happened: {type(error).__name__}: {error}",
            hint="It is tried again. Please report it, with the lines of the log around it.",
            code="unforeseen",
        )
    trouble.__cause__ = error
    return trouble
