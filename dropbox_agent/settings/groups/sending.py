"""Settings of how files are sent, and how the server is asked about them."""

from dropbox_agent.settings import values
from dropbox_agent.settings.groups.group import Group, setting


class SendingSettings(Group):
    """How much is sent and asked, how often, and how long to wait."""

    order: values.OrderWord = setting(
        "AGENT_ORDER", "ordered",
        "ordered: a file is sent when the earlier ones of its kind are done, so that the later "
        "one wins. relaxed: as many at once as the server takes.",
    )  # fmt: skip
    duplicates: values.Kinds = setting(
        "AGENT_DUPLICATES", "vouchers",
        "Kinds whose files are not sent again when they are, byte for byte, what was imported "
        "last for the kind and coupon set; such a file is filed as duplicate. skip: all kinds; "
        "import: none.",
    )  # fmt: skip
    max_queued: values.OneToTen = setting(
        "AGENT_MAX_QUEUED", "10", "How many imports may be under way at once; Connectif allows 10."
    )
    requests_per_minute: values.Count = setting(
        "AGENT_REQUESTS_PER_MINUTE", "90",
        "How many requests to make in a minute. Connectif allows 100 for the whole account, other "
        "programs included.",
    )  # fmt: skip
    poll_floor_seconds: values.Seconds = setting(
        "AGENT_POLL_FLOOR_SECONDS", "1", "The shortest wait between two looks at an import."
    )
    poll_ceiling_seconds: values.Seconds = setting(
        "AGENT_POLL_CEILING_SECONDS", "22", "The longest wait between two looks at an import."
    )
    import_patience_seconds: values.Seconds = setting(
        "AGENT_IMPORT_PATIENCE_SECONDS", "21600",
        "After how long an import that has not ended is reported; it is still followed.",
    )  # fmt: skip
    unknown_grace_seconds: values.SecondsOrZero = setting(
        "AGENT_UNKNOWN_GRACE_SECONDS", "30",
        "How long an import may take to show in the server's list, after an answer was lost, "
        "before the file is sent again.",
    )  # fmt: skip
    connect_timeout_seconds: values.Seconds = setting(
        "AGENT_CONNECT_TIMEOUT_SECONDS", "10", "How long connecting to the server may take."
    )
    read_timeout_seconds: values.Seconds = setting(
        "AGENT_READ_TIMEOUT_SECONDS", "60", "How long the server may be silent."
    )
    backoff_floor_seconds: values.Seconds = setting(
        "AGENT_BACKOFF_FLOOR_SECONDS", "1", "The first wait after something went wrong."
    )
    backoff_ceiling_seconds: values.Seconds = setting(
        "AGENT_BACKOFF_CEILING_SECONDS", "300",
        "The longest wait after something went wrong again and again.",
    )  # fmt: skip
