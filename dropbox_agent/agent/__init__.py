"""The loop that takes every job to its end: startup, turns, shutdown."""

from dropbox_agent.agent.agent import Agent
from dropbox_agent.agent.errands import Bell, Pool, Pools
from dropbox_agent.agent.heartbeat import Heartbeat
from dropbox_agent.agent.pulse import Pulse
from dropbox_agent.agent.rules import Rules
from dropbox_agent.agent.watch import Watch
from dropbox_agent.agent.witnesses import SilentWitness, Witnesses
from dropbox_agent.agent.worked_off import WorkedOff

__all__ = [
    "Agent",
    "Bell",
    "Heartbeat",
    "Pool",
    "Pools",
    "Pulse",
    "Rules",
    "SilentWitness",
    "Watch",
    "Witnesses",
    "WorkedOff",
]
