"""Has archived files imported once more: each is put back into its inbox, as a copy.

The copy keeps the archive's name, which tells the agent whose file it is: the two reports name
each other, and what is asked for in this way is never skipped as a duplicate. The archived file
stays where it is. It takes the way of every drop, so it works whether an agent runs or not.
"""

from dropbox_agent.retrying.retries import Retries, Retry
from dropbox_agent.retrying.second_times import CannotRetry

__all__ = ["CannotRetry", "Retries", "Retry"]
