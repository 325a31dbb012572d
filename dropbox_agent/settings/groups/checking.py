"""Settings of how files are checked."""

from dropbox_agent.settings import values
from dropbox_agent.settings.groups.group import Group, setting


class CheckingSettings(Group):
    """How strict checking is, and what holds a file back."""

    row_faults: values.RowFaults = setting(
        "AGENT_ROW_FAULTS", "warn",
        "What faulty rows lead to: warn (the server decides about each), reject (the file is not "
        "sent), or a share such as 5% above which it is not sent.",
    )  # fmt: skip
    hold_under_usual_rows: values.ShareOrNone = setting(
        "AGENT_HOLD_UNDER_USUAL_ROWS", "",
        "Hold a file for a person to decide when it has less than this share of the rows usual "
        "for its kind, such as 50%. Empty: no file is held for that.",
    )  # fmt: skip
    hold_missing_columns: values.Truth = setting(
        "AGENT_HOLD_MISSING_COLUMNS", "false",
        "Hold a file that lacks columns which the file before it had.",
    )  # fmt: skip
    hold_faulty_rows: values.ShareOrNone = setting(
        "AGENT_HOLD_FAULTY_ROWS", "",
        "Hold a file with more faults of rows than this share of its rows, such as 5%.",
    )  # fmt: skip
    check_timeout_seconds: values.Seconds = setting(
        "AGENT_CHECK_TIMEOUT_SECONDS", "900", "How long checking one file may take."
    )
    account_seconds: values.Seconds = setting(
        "AGENT_ACCOUNT_SECONDS", "3600",
        "For how long files are checked with the contact fields and coupon sets that the account "
        "was last seen to have. No file is rejected without a fresh look.",
    )  # fmt: skip
    account_patience_seconds: values.SecondsOrZero = setting(
        "AGENT_ACCOUNT_PATIENCE_SECONDS", "3",
        "How long a file waits for that look; then it is checked without, and its report says so.",
    )  # fmt: skip
