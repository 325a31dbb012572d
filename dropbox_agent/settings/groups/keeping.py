"""Settings of how long things are kept, and of what is kept of rows."""

from collections.abc import Mapping

from dropbox_agent.core.keeping import Keeping, Thing
from dropbox_agent.settings import values
from dropbox_agent.settings.groups.group import Group, setting
from dropbox_agent.settings.keeping_values import JournalKeepingText, KeepingText


class KeepingSettings(Group):
    """What is deleted when, and whether reports may quote rows."""

    keep_files: KeepingText = setting(
        "AGENT_KEEP_FILES", "",
        "How long filed files and their rows to fix are kept: a time, a size in all, or both, such "
        "as 90 days, 20 GB; for some outcomes each: imported: 30 days; failed: 1 year. Empty: for "
        "ever.",
    )  # fmt: skip
    keep_reports: KeepingText = setting(
        "AGENT_KEEP_REPORTS", "",
        "Likewise for reports; one never goes before its file. Empty: for ever.",
    )  # fmt: skip
    keep_journal: JournalKeepingText = setting(
        "AGENT_KEEP_JOURNAL", "3 years",
        "Likewise for what the agent remembers of files that are gone with their reports. for "
        "ever: all of it.",
    )  # fmt: skip
    row_values: values.RowValuesWord = setting(
        "AGENT_ROW_VALUES", "keep",
        "keep: reports and rows to fix may quote what stands in rows. strip: nothing out of a row "
        "is written anywhere but in the files themselves.",
    )  # fmt: skip

    @property
    def keepings(self) -> Mapping[Thing, Keeping]:
        """How much is kept of each thing."""
        return {
            Thing.FILES: self.keep_files,
            Thing.REPORT: self.keep_reports,
            Thing.ENTRY: self.keep_journal,
        }

    @property
    def quotes_rows(self) -> bool:
        """Whether what stands in rows may be written into reports."""
        return self.row_values == "keep"
