"""Settings of the program that is run after each outcome."""

from dropbox_agent.settings import hook_values, values
from dropbox_agent.settings.groups.group import Group, setting


class HookSettings(Group):
    """What is run after files are done with."""

    hook: hook_values.Command = setting(
        "AGENT_HOOK", "",
        "A program to run after each outcome, with the report on its standard input: words with "
        "blanks between them, quotes around a word with blanks, and no shell; or a JSON list of "
        "the words. See docs/hooks.md.",
    )  # fmt: skip
    hook_seconds: values.Seconds = setting(
        "AGENT_HOOK_SECONDS", "60", "How long it may run; then it is ended."
    )
    hook_on: hook_values.Outcomes = setting(
        "AGENT_HOOK_ON", "imported, partial, rejected, failed, duplicate",
        "The outcomes after which it is run.",
    )  # fmt: skip
