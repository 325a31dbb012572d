"""Says when a run that does not wait for new files is at its end."""

from dropbox_agent.agent.agent import Agent
from dropbox_agent.agent.looking import HANGS
from dropbox_agent.core.gates import Gate
from dropbox_agent.core.pausing import Pause

WILL_OPEN = {Gate.QUIET, Gate.NOT_EMPTY, Gate.WHOLE, None}
"""Gates worth waiting for. A drop that a program has open or that cannot be moved may stay so for
hours; the next run looks at it again."""


class WorkedOff:
    """Asked after every turn: is there nothing left that this run can do?

    Attributes:
        stuck: What kept the run from doing all; None if nothing did.
        left_behind: Drops that had not settled, and why.
    """

    def __init__(self, agent: Agent) -> None:
        """Take the agent."""
        self._agent = agent
        self.stuck: Pause | None = None
        self.left_behind: list[tuple[str, str]] = []
        self.interrupted = True
        self._is_tidying = False

    def __call__(self) -> bool:
        """Whether the run is at its end."""
        is_over = self._is_over() and not self._agent.is_awaited
        self.interrupted = not (is_over and (self.stuck or self._is_tidy()))
        return not self.interrupted

    def _is_tidy(self) -> bool:
        """Have what is old deleted when all else is done, and wait for that."""
        if not self._is_tidying:
            self._is_tidying = True
            self._agent.sweep_anew()
        return self._agent.has_swept

    def _is_over(self) -> bool:
        pauses = (lane.pause for lane in self._agent.lanes)
        self.stuck = next((each for each in pauses if each and each.is_lasting), None)
        if self._agent.is_at_work:
            # A folder that hangs is at work for ever.
            return self.stuck is not None and self.stuck.why.code == HANGS
        drops = self._agent.overview.drops
        self.left_behind = [(each.seen.path, each.why) for each in drops]
        if self.stuck:
            return True
        if any(job.under_way for job in self._agent.jobs):
            self.stuck = self._agent.stuck
            return self.stuck is not None
        return not any(each.gate in WILL_OPEN for each in drops)
