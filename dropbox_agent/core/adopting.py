"""Claimed payloads that belong to no job under way.

The journal does not know them if it was lost, or if somebody put them there. Those of filed jobs
lie in the archive too: that they had left the claims was not safe yet when the power was cut. Or
the job was given up without its file, which has come back since.
"""

from collections.abc import Sequence

from dropbox_agent.core import events, reasons
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.job import Job, JobId, Stage, kind_of
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.lifecycle import advance
from dropbox_agent.core.naming import shown
from dropbox_agent.core.ports import Journal, Spool, Witness


def adopt(
    strays: Sequence[JobId], *, spool: Spool, journal: Journal, clock: Clock, witness: Witness
) -> list[Job]:
    """Begin anew with claimed payloads that the journal does not know; clear away filed ones.

    Contacts and products end up the same when they are imported once more; vouchers do not, so
    they are held for a person to decide.

    Raises:
        OSError: A payload is gone.
        AgentError: The journal cannot be written.
    """
    adopted = []
    left = []
    for stray in strays:
        kind = kind_of(stray)
        known = journal.find(stray)
        if kind is None or known:
            if not (known and _is_cleared_away(known, spool, witness)):
                left.append(stray)
            continue
        job = Job.claimed(
            stray,
            kind,
            shown(spool.claimed_name(stray)),
            folder=None,
            size=spool.fingerprint(stray).size,
            at=clock.now(),
        )
        if kind is Kind.VOUCHERS:
            # Held from the first entry on: a crash behind it must not make it an ordinary job.
            job = advance(job, events.Held(reasons.journal_lost(job)), clock.now())
        adopted.append(journal.add(job))
        witness.stepped(adopted[-1])
    if left:
        witness.noticed(
            f"In inbox/.claimed are files that belong to no job under way: {', '.join(left)}. "
            "'dropbox-agent explain' tells what became of those that the journal knows. Look in "
            "Connectif whether the others have been imported; if not, move them back into their "
            "inbox."
        )
    return adopted


def _is_cleared_away(job: Job, spool: Spool, witness: Witness) -> bool:
    """Clear away a filed job's payload if it is, or is to be, in the archive; say whether it is."""
    if job.stage is not Stage.FILED:
        return False
    was_there = spool.is_archived(job)
    spool.archive(job)
    if not was_there and spool.is_archived(job):
        spool.name_payload(job)
        witness.noticed(
            f"'{job.name}' (job {job.id}) is back among the claimed files, after its job had ended "
            "without it. It has been put beside its report; if it has not been imported, "
            f"'dropbox-agent retry {job.id}' sends it."
        )
    spool.clear(job.id)
    return job.id not in spool.claimed()
