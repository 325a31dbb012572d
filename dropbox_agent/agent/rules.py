"""How the agent behaves, apart from what concerns single files."""

from dataclasses import dataclass, field

from dropbox_agent.core.backoff import Backoff
from dropbox_agent.core.ordering import Order


@dataclass(frozen=True, slots=True)
class Rules:
    """How the agent behaves.

    Attributes:
        jobs_ahead: How many jobs of a kind may be under way; more drops wait in the inbox.
        order: Whether files of a kind wait for each other.
        max_queued: How many imports of ours may be under way on the server.
        backoff: How waits grow.
        unknown_grace_seconds: How long the server may take to list an import it has taken.
        import_patience_seconds: After how long an import that has not ended is worth an alarm.
        account_seconds: For how long checks rest on what the account said of itself.
        account_patience_seconds: How long a check waits for that; then it does without.
        stop_seconds: How long a stop waits for the steps in hand.
    """

    jobs_ahead: int = 100
    order: Order = Order.ORDERED
    max_queued: int = 10
    backoff: Backoff = field(default_factory=Backoff)
    unknown_grace_seconds: float = 30.0
    import_patience_seconds: float = 21_600.0
    account_seconds: float = 3_600.0
    account_patience_seconds: float = 3.0
    stop_seconds: float = 5.0
