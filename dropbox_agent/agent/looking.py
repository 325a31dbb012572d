"""The desk for arrivals: looks at the inbox of each kind by itself, beside the loop.

A folder with many thousand files, or a share that does not answer, holds up nothing but itself.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from math import inf

from dropbox_agent.agent.board import Board
from dropbox_agent.agent.errands import Errands, Pool
from dropbox_agent.agent.lane import Lane
from dropbox_agent.agent.rules import Rules
from dropbox_agent.agent.watch import Watch
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.overview import Crowd
from dropbox_agent.core.reception import NO_ROOM, Look, Reception, View
from dropbox_agent.core.settling import Standing
from dropbox_agent.core.sighting import Mistake
from dropbox_agent.core.trouble import as_trouble
from dropbox_agent.errors import TryLater

HANGS = "inbox-hangs"
"""The code of the trouble with a folder that does not answer."""

ANSWER_SECONDS = 30.0
"""After how long a folder that has not been listed yet counts as not answering."""

REST_FACTOR = 2.0
"""How much longer than the last look took, the next one is put off: however many files lie there
and however often something arrives, looking takes no more than a third of the time."""

CLAIM_REST_FACTOR = 20.0
"""The same for claiming more of what was seen: it keeps account of all that is left, which is
better done for some claims together than for each. There are enough jobs in hand meanwhile."""

CLOSE_LOOK_SECONDS = 120.0
"""How often to look for changes of files in the inbox that nobody has announced. To list their
names alone, which is done more often, takes a third of the time, and shows what is new."""

LONGEST_REST_SECONDS = 60.0
"""How long it is put off at most: a share that hung for hours must not be left alone for more."""

ROOM_SECONDS = 10.0
"""The longest wait before it is looked again whether there is room. People make some at any time,
and asking takes no more than a moment."""


def _rest_seconds(look: Look | Exception, factor: float) -> float:
    seconds = look.seconds if isinstance(look, Look) else 0.0
    return min(factor * seconds, LONGEST_REST_SECONDS)


class Lookout:
    """Looks at the inbox of one kind.

    Attributes:
        view: What the last look saw.
        lane: Held up while the inbox cannot be listed.
        look_at: When to list it next, on the monotonic clock.
        closely_at: When to look for changes of what is there too.
        rests_until: When it may be listed again at the soonest.
        claims_from: When more may be claimed without a listing at the soonest.
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
        self.closely_at = now
        self.rests_until = now
        self.claims_from = now
        self.began_at: float | None = None

    @property
    def drops(self) -> tuple[Standing, ...]:
        """Where the drops in sight stand; the ripe ones wait for what holds up looking."""
        if (pause := self.lane.pause) is None:
            return self.view.drops
        why = pause.why.message.removesuffix(".")
        return tuple(each if each.gate else replace(each, why=why) for each in self.view.drops)

    @property
    def next_look_at(self) -> float:
        """When to list the inbox next: now and then, and when something has arrived."""
        if self.began_at is not None:
            return inf
        return max(self.look_at, self.rests_until, self.lane.opens_at)

    @property
    def next_claim_at(self) -> float:
        """When to claim next, if there is room: when a drop will have settled."""
        if self.began_at is not None:
            return inf
        return max(self.view.opens_at, self.claims_from, self.lane.opens_at)


_Done = Callable[[Lookout, Look | Exception], None]


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
            each.look_at = each.closely_at = 0.0

    def hand_out(self) -> None:
        """Begin every look that is due."""
        now = self._clock.monotonic()
        self._watch.keep(now)
        for each in self._lookouts:
            if now >= each.next_look_at:
                self._begin(each, self._look(each, now), self._listed)
            elif now >= each.next_claim_at and (room := self._room(each)) > 0:
                self._begin(each, partial(each.reception.claim, room), self._claimed)
            elif each.began_at is not None and now >= each.began_at + ANSWER_SECONDS:
                self._tell_of_silence(each, now)

    def _look(self, lookout: Lookout, now: float) -> Callable[[], Look]:
        lookout.look_at = now + self._watch.rescan_seconds
        closely = now >= lookout.closely_at or not self._watch.is_relied_on
        if closely:
            lookout.closely_at = now + CLOSE_LOOK_SECONDS
        return partial(lookout.reception.look, self._room(lookout), closely=closely)

    def _begin(self, lookout: Lookout, task: Callable[[], Look], done: _Done) -> None:
        lookout.began_at = self._clock.monotonic()
        self._errands.run(lookout.pool, task, partial(done, lookout))

    @property
    def lanes(self) -> Iterator[Lane]:
        """One for each inbox."""
        return (each.lane for each in self._lookouts)

    @property
    def drops(self) -> tuple[Standing, ...]:
        """Where the drops in sight stand, of each kind as many as are told one by one."""
        return tuple(drop for each in self._lookouts for drop in each.drops)

    @property
    def drops_in_sight(self) -> int:
        """How many there are in all."""
        return sum(each.view.drops_in_sight for each in self._lookouts)

    @property
    def crowds(self) -> tuple[Crowd, ...]:
        """How many there are of each kind, and since when."""
        return tuple(
            Crowd(
                each.kind,
                drops=each.view.drops_in_sight,
                stalled=each.view.stalled,
                oldest_found_at=each.view.oldest_found_at,
            )
            for each in self._lookouts
        )

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """What lies in the inboxes and is no drop."""
        return tuple(mistake for each in self._lookouts for mistake in each.view.mistakes)

    @property
    def due_at(self) -> float:
        """When the next look is due, on the monotonic clock; infinity when none is."""
        return min(map(self._due_at, self._lookouts))

    def _due_at(self, lookout: Lookout) -> float:
        look_at, claim_at = lookout.next_look_at, lookout.next_claim_at
        return claim_at if claim_at < look_at and self._room(lookout) > 0 else look_at

    def _room(self, lookout: Lookout) -> int:
        """Tell how many more jobs may be begun."""
        begun = sum(job.kind is lookout.kind and job.under_way for job in self._board)
        return self._rules.jobs_ahead - begun

    def _listed(self, lookout: Lookout, look: Look | Exception) -> None:
        now = self._clock.monotonic()
        lookout.rests_until = now + _rest_seconds(look, REST_FACTOR)
        if isinstance(look, Look):
            self._watch.found(look.found, now)
        self._done(lookout, look)

    def _claimed(self, lookout: Lookout, look: Look | Exception) -> None:
        rest = _rest_seconds(look, CLAIM_REST_FACTOR)
        lookout.claims_from = self._clock.monotonic() + rest
        self._done(lookout, look)

    def _done(self, lookout: Lookout, look: Look | Exception) -> None:
        lookout.began_at = None
        if isinstance(look, Look):
            lookout.view = look.view
            for job in look.claimed:
                self._board.put(job)
        trouble = look if isinstance(look, Exception) else look.trouble
        if trouble is None:
            lookout.lane.clear()
        else:
            why = as_trouble(trouble)
            longest = ROOM_SECONDS if why.code == NO_ROOM else inf
            lookout.lane.hold_up(why, longest_seconds=longest)
            lookout.look_at = lookout.closely_at = lookout.lane.opens_at

    def _tell_of_silence(self, lookout: Lookout, now: float) -> None:
        if lookout.lane.pause is None or lookout.lane.pause.is_over(now):
            lookout.lane.hold_up(
                TryLater(
                    f"The folder inbox/{lookout.kind}, or one of the archive, does not answer; it "
                    "is probably on a share that hangs.",
                    hint="See to the share and its network. It goes on by itself as soon as the "
                    "folder answers.",
                    code=HANGS,
                ),
                ANSWER_SECONDS,
            )
