"""What people are told when a job cannot simply go on."""

from dropbox_agent.core.decisions import CannotDecide
from dropbox_agent.core.imports import ImportId
from dropbox_agent.core.job import Job, Reason
from dropbox_agent.errors import TryLater


def still_written(job: Job) -> TryLater:
    """Say that a payload changes while it is ours."""
    return TryLater(
        f"'{job.name}' is still being written to, although it had been quiet before.",
        hint="Nothing to do: it is checked again soon. Senders should write under a temporary "
        "name and rename the file when it is complete.",
        code="payload-changing",
    )


def not_shown_yet(job: Job) -> TryLater:
    """Say that the server does not list what may have been sent."""
    return TryLater(
        f"It is not known yet whether Connectif has taken '{job.name}'; it does not list the "
        "import so far.",
        hint="Nothing to do: the agent keeps looking, and sends it again only when it is sure.",
        code="outcome-unknown",
    )


def why_held(job: Job, candidates: tuple[ImportId, ...]) -> Reason:
    """Say why a file is not sent again by itself."""
    return Reason(
        "outcome-unknown",
        f"The connection broke while '{job.name}' was being sent, and Connectif lists imports "
        f"that may be ours or not: {', '.join(candidates)}.",
        "Look at these imports in Connectif. If one is this file: dropbox-agent release "
        f"{job.id} --accept IMPORT_ID. If none is: dropbox-agent release {job.id} --resend. "
        "Nothing is sent again by itself, because these rows must not go in twice.",
    )


def rewritten_halfway(job: Job) -> Reason:
    """Say that a file changed between two of its parts."""
    return Reason(
        "payload-changed",
        f"'{job.name}' was changed after a part of it had been imported.",
        f"Drop a complete file, and let go of this one: dropbox-agent release {job.id} --fail",
    )


def journal_lost(job: Job) -> Reason:
    """Say that nobody knows whether the vouchers of a claimed file went in."""
    return Reason(
        "journal-lost",
        f"The journal was lost while '{job.name}' was in hand; nobody knows whether these vouchers "
        "have been imported, nor which coupon set they were for.",
        "Look in Connectif whether they are there. If they are, leave the file: dropbox-agent "
        f"release {job.id} --fail. If not, send it into the default set: dropbox-agent release "
        f"{job.id} --resend; for another set, leave it, and drop it into that set's folder.",
    )


def not_checked_yet(job: Job) -> CannotDecide:
    """Say that there is nothing yet that an import could belong to."""
    return CannotDecide(
        f"Job {job.id} was never checked, so no import can be taken for its own.",
        hint=f"If the file is in already: dropbox-agent release {job.id} --fail",
        code="not-checked-yet",
    )


def held_back(job: Job, doubt: str) -> Reason:
    """Say why a file waits for a person although it can be sent."""
    return Reason(
        "not-as-usual",
        f"'{job.name}' is held back: {doubt}.",
        f"If it is right so, send it: dropbox-agent release {job.id} --resend. If not: "
        f"dropbox-agent release {job.id} --fail. Files dropped later do not wait for it; if it is "
        "sent after them, its older values win.",
    )


def given_up(job: Job) -> Reason:
    """Say that a person decided to leave a job."""
    return Reason(
        "given-up",
        "The job was held, and somebody decided to leave it.",
        f"To import the file after all: dropbox-agent retry {job.id}",
    )


def payload_gone(job: Job) -> Reason:
    """Say that a file was taken out of the claims folder."""
    return Reason(
        "payload-missing",
        f"'{job.name}' was taken out of the claims folder before it was sent.",
        "Drop the file again if it is to be imported.",
    )
