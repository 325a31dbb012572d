"""Settings of how files arrive, and when they are taken."""

from dropbox_agent.core.gates import SettleRules
from dropbox_agent.settings import values
from dropbox_agent.settings.groups.group import Group, setting


class ArrivalSettings(Group):
    """When a file is complete, and how many are taken."""

    settle_seconds: values.SecondsOrZero = setting(
        "AGENT_SETTLE_SECONDS", "5",
        "How long a file must be unchanged before it is taken; twice as long where nobody can tell "
        "whether it is still being written.",
    )  # fmt: skip
    empty_hold_seconds: values.SecondsOrZero = setting(
        "AGENT_EMPTY_HOLD_SECONDS", "60",
        "How long an empty file may be a placeholder before it is rejected.",
    )  # fmt: skip
    cut_hold_seconds: values.SecondsOrZero = setting(
        "AGENT_TRUNCATED_HOLD_SECONDS", "120",
        "How long a file that ends in the middle of a row may still grow before it is rejected.",
    )  # fmt: skip
    done_suffix: values.SuffixOrNone = setting(
        "AGENT_DONE_SUFFIX", "",
        "Ending of the marker that senders put beside a complete file, such as .done (x.csv.done "
        "or x.done). Without it no marker is waited for. Size, rows or a checksum in it are "
        "compared with the file.",
    )  # fmt: skip
    stalled_seconds: values.Seconds = setting(
        "AGENT_STALLED_SECONDS", "3600",
        "How long a file may take to become complete before status and log call it stalled.",
    )  # fmt: skip
    rescan_seconds: values.Seconds = setting(
        "AGENT_RESCAN_SECONDS", "30",
        "How often the inboxes are listed even when the operating system reports nothing new.",
    )  # fmt: skip
    ignore: values.Patterns = setting(
        "AGENT_IGNORE", "",
        "More file names to leave alone, as patterns with a comma between them, such as "
        "test-*, *.bak.csv.",
    )  # fmt: skip
    jobs_ahead: values.Count = setting(
        "AGENT_JOBS_AHEAD", "100",
        "How many files of a kind may be taken and not yet done with; the rest wait in the inbox.",
    )  # fmt: skip
    min_free: values.Size = setting(
        "AGENT_MIN_FREE", "50 MB",
        "Free space that must be left on the disks of the folders for a file to be taken.",
    )  # fmt: skip
    max_expanded: values.Size = setting(
        "AGENT_MAX_EXPANDED", "2 GB", "What a file may be expanded or converted to."
    )

    @property
    def settle_rules(self) -> SettleRules:
        """How long the gates of a drop stay shut."""
        return SettleRules(
            quiet_seconds=self.settle_seconds,
            empty_hold_seconds=self.empty_hold_seconds,
            cut_hold_seconds=self.cut_hold_seconds,
            done_suffix=self.done_suffix,
            stalled_seconds=self.stalled_seconds,
        )
