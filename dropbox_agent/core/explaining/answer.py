"""The answer to "where is my file?": what is there now, and which jobs there were."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from dropbox_agent.core.dropnames import IGNORED_NAMES
from dropbox_agent.core.explaining.drop import WaitingDrop
from dropbox_agent.core.explaining.story import JobStory
from dropbox_agent.core.job import Stage
from dropbox_agent.core.naming import PAYLOAD_ENDINGS, shown
from dropbox_agent.core.report import Json

MOST_NEAR = 3
"""How many names are offered instead of one that is not known."""


@dataclass(frozen=True, slots=True)
class Bystander:
    """Something that is there and is no drop.

    Attributes:
        what: ``ignored``, ``mistake``, ``marker``, ``columns``, ``folder``, ``archived``,
            ``unavailable`` or ``elsewhere``.
        path: Where it is.
        says: What it is to the agent, in a sentence.
        hint: What to do; empty if there is nothing to.
        pattern: The pattern because of which it is left alone.
        built_in: Whether that is one of ours; None without a pattern.
    """

    what: str
    path: str
    says: str
    hint: str = ""
    pattern: str | None = None
    built_in: bool | None = None

    def to_json(self) -> Json:
        """Write it down."""
        return {
            "what": self.what,
            "path": self.path,
            "says": self.says,
            "hint": self.hint,
            "pattern": self.pattern,
            "built_in": self.built_in,
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that can be said about what somebody asked for.

    Attributes:
        asked: As it was asked.
        is_running: Whether there is an agent.
        things: What is there now.
        jobs: The jobs it may mean, the newest first.
        looked_into: The folders that were searched.
        nearest: Names that are much like it, if nothing is known of it.
        sick: In a line, that the agent runs and shows no sign of life; None if it does.
    """

    asked: str
    is_running: bool
    things: tuple[WaitingDrop | Bystander, ...] = ()
    jobs: tuple[JobStory, ...] = ()
    looked_into: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    sick: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.things or self.jobs)

    @property
    def awaits_agent(self) -> bool:
        """Whether it takes an agent for something to happen."""
        waits = any(isinstance(each, WaitingDrop) for each in self.things)
        return waits or any(story.job.stage is not Stage.FILED for story in self.jobs)

    def to_json(self) -> Json:
        """Write it down."""
        return {
            "asked": shown(self.asked),
            "agent_running": self.is_running,
            "sick": self.sick,
            "found": [each.to_json() for each in self.things],
            "jobs": [each.to_json() for each in self.jobs],
            "looked_into": list(self.looked_into),
            "nearest": list(self.nearest),
        }


def ignored(path: str, pattern: str) -> Bystander:
    """Explain something that is left alone because of its name, or its folder's."""
    built_in = pattern in IGNORED_NAMES
    whose = "one of those built in" if built_in else "one from AGENT_IGNORE in agent.env"
    return Bystander(
        "ignored",
        shown(path),
        f"It is left alone, because its name matches the pattern '{pattern}', {whose}.",
        "Programs give such names to files that are not complete yet, or not meant for others. "
        "If this one is complete, rename it to something that ends in .csv."
        if built_in
        else "Rename it, or change AGENT_IGNORE and start the agent again.",
        pattern,
        built_in,
    )


def mistaken(path: str, why: str) -> Bystander:
    """Explain something that will never be a drop as it is."""
    what, _, hint = why.partition(": ")
    return Bystander("mistake", shown(path), f"It is not taken: {what}.", _sentence(hint))


def within(path: str, above: str, why: str) -> Bystander:
    """Explain something in a folder that nobody looks into."""
    _, _, hint = why.partition(": ")
    says = f"It is not taken: nobody looks into the folder {shown(above)}."
    return Bystander("mistake", shown(path), says, _sentence(hint))


def marker(path: str, name: str) -> Bystander:
    """Explain a marker that lies beside its drop."""
    says = f"It marks '{shown(name)}' as complete, and goes when that file is taken."
    return Bystander(
        "marker", shown(path), says, f"Explain that one: dropbox-agent explain {shown(name)}"
    )


def columns_file(path: str) -> Bystander:
    """Explain the file that says how columns are called."""
    return Bystander(
        "columns",
        shown(path),
        "It says which columns of the files in its folder are renamed, left out or added.",
        "'dropbox-agent check FILE' shows what it does to a file of that folder.",
    )


def folder(path: str, kind: str, waiting: int) -> Bystander:
    """Explain one of the inbox folders itself."""
    says = f"It is a folder that {kind} are dropped into; {waiting:,} wait there."
    return Bystander("folder", shown(path), says, "'dropbox-agent status' lists what waits.")


def archived(path: str) -> Bystander:
    """Explain something in the archive of which the journal does not know."""
    return Bystander(
        "archived",
        shown(path),
        "It lies in the archive, but the journal knows nothing of it.",
        "If a report lies beside it (.report.json), that says what happened.",
    )


def beside(path: str) -> Bystander:
    """Explain a claimed file of which the journal does not know."""
    return Bystander(
        "archived",
        shown(path),
        "It lies among the claimed files, but the journal knows nothing of it.",
        "The next start of the agent takes it up.",
    )


def out_of_reach(path: str, why: str, hint: str) -> Bystander:
    """Explain something in an inbox that cannot be listed."""
    return Bystander("unavailable", shown(path), why, hint)


def closed(path: str, above: str) -> Bystander:
    """Explain something in a folder of a set that cannot be listed: it may not even be there."""
    return Bystander(
        "unavailable",
        shown(path),
        f"The folder {shown(above)} cannot be listed by the user of this command. If that is the "
        "agent's user too, nothing in there is taken.",
        f"Let the agent's user list, read and write to the folder {shown(above)}, or ask as that "
        "user.",
    )


def elsewhere(path: str, inbox: str) -> Bystander:
    """Explain a file that lies in no inbox."""
    return Bystander(
        "elsewhere",
        shown(path),
        "It lies in no inbox, so nothing is done with it.",
        f"Put it into the folder of its kind in {inbox}: contacts, products or vouchers.",
    )


def nearest(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that are most like one that is not known."""
    by_root = {_root(each): each for each in names}
    close = get_close_matches(_root(name), by_root, n=MOST_NEAR, cutoff=0.7)
    return tuple(by_root[each] for each in close)


def _root(name: str) -> str:
    """Leave out what says nothing: capitals, and the ending that almost all names have."""
    folded = name.casefold()
    return next((folded.removesuffix(it) for it in PAYLOAD_ENDINGS if folded.endswith(it)), folded)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""
