"""Wake-ups from the operating system when something arrives in the inbox.

Events are hints: they get lost when queues overflow, shares drop or folders are replaced, often
without a word. So an event only rings the bell, and what is there is found by listing. Which
paths were announced is remembered for a while, so that what they leave out can be counted.
"""

from dropbox_agent.adapters.watcher.watcher import CannotWatch, Watcher

__all__ = ["CannotWatch", "Watcher"]
