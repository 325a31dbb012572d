"""The journal: the durable record of jobs."""

from dropbox_agent.adapters.journal.database import JournalDamaged, JournalTrouble
from dropbox_agent.adapters.journal.journal import SqliteJournal

__all__ = ["JournalDamaged", "JournalTrouble", "SqliteJournal"]
