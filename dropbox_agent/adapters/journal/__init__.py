"""The journal: the durable record of jobs."""

from dropbox_agent.adapters.journal.database import JournalDamaged, JournalTrouble
from dropbox_agent.adapters.journal.journal import SqliteJournal
from dropbox_agent.adapters.journal.keeping import KeepingRecords

__all__ = ["JournalDamaged", "JournalTrouble", "KeepingRecords", "SqliteJournal"]
