"""Which faults make a start useless: those that leave no file that could be taken."""

from collections.abc import Sequence

from dropbox_agent.core.diagnosis.finding import Finding
from dropbox_agent.core.diagnosis.folders import Cause, Refusal
from dropbox_agent.errors import AgentError, BadConfiguration, NoPermission


def reason_to_stop(refusals: Sequence[Refusal | None], finding: Finding) -> AgentError | None:
    """Say why no file can be taken from any inbox folder; None if some can.

    Rights and mounts are meant, which nobody mends by waiting. What may pass, such as a full
    disk, stops nothing.

    Args:
        refusals: For each inbox folder what keeps files from being claimed.
        finding: Tells of one of them.
    """
    causes = {each.cause if each else None for each in refusals}
    if causes == {Cause.OTHER_MOUNT}:
        return BadConfiguration(finding.found, hint=finding.mend, code="claims-on-other-mount")
    if causes and causes <= {Cause.RIGHTS, Cause.READ_ONLY, Cause.OTHER_MOUNT}:
        return NoPermission(finding.found, hint=finding.mend, code="inbox-no-permission")
    return None
