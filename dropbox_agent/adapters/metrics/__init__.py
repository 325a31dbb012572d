"""What Prometheus can know of the agent: counted, and given out as a file or over HTTP.

A registry of our own holds it all; nothing is registered globally. Labels are words of ours, so
that their number is bounded: never a name of a file, a job, a set or an account.
"""

from dropbox_agent.adapters.metrics.counting import Counting
from dropbox_agent.adapters.metrics.prom_file import PromFile
from dropbox_agent.adapters.metrics.registry import new_registry
from dropbox_agent.adapters.metrics.serving import served
from dropbox_agent.adapters.metrics.standing import Standing

__all__ = ["Counting", "PromFile", "Standing", "new_registry", "served"]
