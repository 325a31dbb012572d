"""The desk for arrivals: looks at the inbox of each kind by itself, beside the loop.

A folder with many thousand files, or a share that does not answer, holds up nothing but itself.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from math import inf

from dropbox_agent.agent.board import Board
from dropbox_agent.agent.errands import Errands, Pool
from dropbox_agent.agent.lane import Lane
from dropbox_agent.agent.rules import Rules
from dropbox_agent.agent.watch import Watch
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.reception import MOST_TOLD, Look, Reception, View
from dropbox_agent.core.settling import Standing
from dropbox_agent.core.sighting import Mistake
from dropbox_agent.core.trouble import as_trouble
from dropbox_agent.errors import TryLater

ANSWER_SECONDS = 30.0
"""After how long a folder that has not been listed yet counts as not answering."""

REST_FACTOR = 4.0
"""How much longer than the last look took, the next one is put off: however many files lie there
and however often something arrives, looking takes no more than a fifth of the time."""


class Lookout:
    """Looks at the inbox of one kind.

    Attributes:
        view: What the last look saw.
        lane: Held up while the inbox cannot be listed.
        look_at: When to look next without a reason, on the monotonic clock.
        rests_until: When the next look may be at the soonest.
        began_at: When the look under way began; None when there is none.
    """

    def __init__(self, reception: Reception, pool: Pool, lane: Lane, now: float) -> None:
        """Begin with nothing seen."""
        self.kind = reception.kind
        self.reception = reception
        self.pool = pool
        self.lane = lane
        self.view = View()
        self.look_at = now
        self.rests_until = now
        self.began_at: float | None = None

    def next_look_at(self, *, has_room: bool) -> float:
        """Tell when to look next: now and then, and when a drop will have settled."""
        if self.began_at is not None:
            return inf
        look_at = min(self.look_at, self.view.opens_at if has_room else inf)
        return max(look_at, self.rests_until, self.lane.opens_at)


class Looking:
    """Looks at the inboxes, and puts what was claimed onto the board."""

    def __init__(
        self,
        receptions: Mapping[Kind, Reception],
        *,
        board: Board,
        errands: Errands,
        pools: Mapping[Kind, Pool],
        watch: Watch,
        new_lane: Callable[[str], Lane],
        clock: Clock,
        rules: Rules,
    ) -> None:
        """Take who receives, and who does it."""
        self._board = board
        self._errands = errands
        self._watch = watch
        self._clock = clock
        self._rules = rules
        now = clock.monotonic()
        self._lookouts = [
            Lookout(reception, pools[kind], new_lane(f"looking into {kind}"), now)
            for kind, reception in receptions.items()
        ]

    def soon(self) -> None:
        """Look in the next turn. May be called from any thread."""
        for each in self._lookouts:
            each.look_at = 0.0

    def hand_out(self) -> None:
        """Begin every look that is due."""
        now = self._clock.monotonic()
        self._watch.keep(now)
        for each in self._lookouts:
            room = self._room(each.kind)
            if now >= each.next_look_at(has_room=room > 0):
                each.began_at = now
                each.look_at = now + self._watch.rescan_seconds
                task = partial(each.reception.look, room)
                self._errands.run(each.pool, task, partial(self._done, each))
            elif each.began_at is not None and now >= each.began_at + ANSWER_SECONDS:
                self._tell_of_silence(each, now)

    @property
    def lanes(self) -> Iterator[Lane]:
        """One for each inbox."""
        return (each.lane for each in self._lookouts)

    @property
    def drops(self) -> tuple[Standing, ...]:
        """Where the drops in sight stand, as many as are told one by one."""
        drops = (drop for each in self._lookouts for drop in each.view.drops)
        return tuple(drops)[:MOST_TOLD]

    @property
    def drops_in_sight(self) -> int:
        """How many there are in all."""
        return sum(each.view.drops_in_sight for each in self._lookouts)

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """What lies in the inboxes and is no drop."""
        return tuple(mistake for each in self._lookouts for mistake in each.view.mistakes)

    @property
    def due_at(self) -> float:
        """When the next look is due, on the monotonic clock; infinity when none is."""
        return min(each.next_look_at(has_room=self._room(each.kind) > 0) for each in self._lookouts)

    def _room(self, kind: Kind) -> int:
        """How many more jobs of a kind may be begun."""
        begun = sum(job.under_way for job in self._board if job.kind is kind)
        return self._rules.jobs_ahead - begun

    def _done(self, lookout: Lookout, look: Look | Exception) -> None:
        now = self._clock.monotonic()
        began_at, lookout.began_at = lookout.began_at or now, None
        lookout.rests_until = now + REST_FACTOR * (now - began_at)
        if isinstance(look, Look):
            lookout.view = look.view
            self._watch.found(look.found, now)
            for job in look.claimed:
                self._board.put(job)
        trouble = look if isinstance(look, Exception) else look.trouble
        if trouble is None:
            lookout.lane.clear()
        else:
            lookout.lane.hold_up(as_trouble(trouble))
            lookout.look_at = lookout.lane.opens_at

    def _tell_of_silence(self, lookout: Lookout, now: float) -> None:
        if lookout.lane.pause is None or lookout.lane.pause.is_over(now):
            lookout.lane.hold_up(
                TryLater(
                    f"The folder inbox/{lookout.kind} does not answer; it is probably on a share "
                    "that hangs.",
                    hint="See to the share and its network. It goes on by itself as soon as the "
                    "folder answers.",
                    code="inbox-hangs",
                ),
                ANSWER_SECONDS,
            )
