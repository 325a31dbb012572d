"""All settings: their names, defaults and meanings, each in one place.

The documentation and the template of ``agent.env`` are made from here.
"""

from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from dropbox_agent.core.gates import SettleRules
from dropbox_agent.core.imports import ImportOptions
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import BadConfiguration
from dropbox_agent.settings import values
from dropbox_agent.settings.faults import ENV_FILE, Unusable


def _setting(name: str, default: str, meaning: str) -> Any:  # noqa: ANN401 - stands for any field
    return Field(default, validation_alias=name, description=meaning, validate_default=True)


class Settings(BaseSettings):
    """What the agent works with. Made by ``read_settings``; paths are absolute.

    Attributes:
        home: The folder that holds ``agent.env`` and that relative paths start from.
        doubts: Sentences to warn about: names in the environment that look misspelt.
    """

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True
    )

    home: Path
    doubts: tuple[str, ...] = ()

    api_key: values.ApiKey = _setting(
        "CONNECTIF_API_KEY", "",
        "The API key, as <key id>:<key secret>. Made in Connectif under Store settings > API and "
        "IP access > API Keys; it needs Read and Write for Imports. Where it may read contact "
        "fields and coupon sets too, files are checked against these.",
    )  # fmt: skip
    api_url: values.Url = _setting(
        "CONNECTIF_API_URL", "https://api.connectif.cloud",
        "Where the import API is. Must be https, except on this machine.",
    )  # fmt: skip
    ca_bundle: values.PathOrNone = _setting(
        "CONNECTIF_CA_BUNDLE", "",
        "A file with the certificates to trust, where a company proxy has its own.",
    )  # fmt: skip

    inbox: values.PathText = _setting(
        "AGENT_INBOX", "inbox",
        "Folder that files are dropped into, in one folder for each kind.",
    )  # fmt: skip
    processed: values.PathText = _setting(
        "AGENT_PROCESSED", "processed", "Folder for files that were imported, with their reports."
    )
    failed: values.PathText = _setting(
        "AGENT_FAILED", "failed", "Folder for files that were not imported, with their reports."
    )
    state: values.PathText = _setting(
        "AGENT_STATE", "state",
        "Folder for what the agent has to remember. On a disk of this machine, not on a share.",
    )  # fmt: skip

    settle_seconds: values.SecondsOrZero = _setting(
        "AGENT_SETTLE_SECONDS", "5",
        "How long a file must be unchanged before it is taken; twice as long where nobody can tell "
        "whether it is still being written.",
    )  # fmt: skip
    empty_hold_seconds: values.SecondsOrZero = _setting(
        "AGENT_EMPTY_HOLD_SECONDS", "60",
        "How long an empty file may be a placeholder before it is rejected.",
    )  # fmt: skip
    cut_hold_seconds: values.SecondsOrZero = _setting(
        "AGENT_TRUNCATED_HOLD_SECONDS", "120",
        "How long a file that ends in the middle of a row may still grow before it is rejected.",
    )  # fmt: skip
    done_suffix: values.SuffixOrNone = _setting(
        "AGENT_DONE_SUFFIX", "",
        "Ending of the marker that senders put beside a complete file, such as .done (x.csv.done "
        "or x.done). Without it no marker is waited for. Size, rows or a checksum in it are "
        "compared with the file.",
    )  # fmt: skip
    stalled_seconds: values.Seconds = _setting(
        "AGENT_STALLED_SECONDS", "3600",
        "How long a file may take to become complete before status and log call it stalled.",
    )  # fmt: skip
    rescan_seconds: values.Seconds = _setting(
        "AGENT_RESCAN_SECONDS", "10",
        "How often the inboxes are listed even when the operating system reports nothing new.",
    )  # fmt: skip
    ignore: values.Patterns = _setting(
        "AGENT_IGNORE", "",
        "More file names to leave alone, as patterns with a comma between them, such as "
        "test-*, *.bak.csv.",
    )  # fmt: skip
    jobs_ahead: values.Count = _setting(
        "AGENT_JOBS_AHEAD", "100",
        "How many files of a kind may be taken and not yet done with; the rest wait in the inbox.",
    )  # fmt: skip

    min_free: values.Size = _setting(
        "AGENT_MIN_FREE", "50 MB",
        "Free space that must be left on the disks of the folders for a file to be taken.",
    )  # fmt: skip

    max_expanded: values.Size = _setting(
        "AGENT_MAX_EXPANDED", "2 GB", "What a file may be expanded or converted to."
    )

    row_faults: values.RowFaults = _setting(
        "AGENT_ROW_FAULTS", "warn",
        "What faulty rows lead to: warn (the server decides about each), reject (the file is not "
        "sent), or a share such as 5% above which it is not sent.",
    )  # fmt: skip
    hold_under_usual_rows: values.ShareOrNone = _setting(
        "AGENT_HOLD_UNDER_USUAL_ROWS", "",
        "Hold a file for a person to decide when it has less than this share of the rows usual "
        "for its kind, such as 50%. Empty: no file is held for that.",
    )  # fmt: skip
    hold_missing_columns: values.Truth = _setting(
        "AGENT_HOLD_MISSING_COLUMNS", "false",
        "Hold a file that lacks columns which the file before it had.",
    )  # fmt: skip
    hold_faulty_rows: values.ShareOrNone = _setting(
        "AGENT_HOLD_FAULTY_ROWS", "",
        "Hold a file with more faults of rows than this share of its rows, such as 5%.",
    )  # fmt: skip
    check_timeout_seconds: values.Seconds = _setting(
        "AGENT_CHECK_TIMEOUT_SECONDS", "900", "How long checking one file may take."
    )
    account_seconds: values.Seconds = _setting(
        "AGENT_ACCOUNT_SECONDS", "3600",
        "For how long files are checked with the contact fields and coupon sets that the account "
        "was last seen to have. No file is rejected without a fresh look.",
    )  # fmt: skip
    account_patience_seconds: values.SecondsOrZero = _setting(
        "AGENT_ACCOUNT_PATIENCE_SECONDS", "3",
        "How long a file waits for that look; then it is checked without, and its report says so.",
    )  # fmt: skip

    order: values.OrderWord = _setting(
        "AGENT_ORDER", "ordered",
        "ordered: a file is sent when the earlier ones of its kind are done, so that the later "
        "one wins. relaxed: as many at once as the server takes.",
    )  # fmt: skip
    max_queued: values.OneToTen = _setting(
        "AGENT_MAX_QUEUED", "10", "How many imports may be under way at once; Connectif allows 10."
    )
    requests_per_minute: values.Count = _setting(
        "AGENT_REQUESTS_PER_MINUTE", "90",
        "How many requests to make in a minute. Connectif allows 100 for the whole account, other "
        "programs included.",
    )  # fmt: skip
    poll_floor_seconds: values.Seconds = _setting(
        "AGENT_POLL_FLOOR_SECONDS", "1", "The shortest wait between two looks at an import."
    )
    poll_ceiling_seconds: values.Seconds = _setting(
        "AGENT_POLL_CEILING_SECONDS", "15", "The longest wait between two looks at an import."
    )
    import_patience_seconds: values.Seconds = _setting(
        "AGENT_IMPORT_PATIENCE_SECONDS", "21600",
        "After how long an import that has not ended is reported; it is still followed.",
    )  # fmt: skip
    unknown_grace_seconds: values.SecondsOrZero = _setting(
        "AGENT_UNKNOWN_GRACE_SECONDS", "30",
        "How long an import may take to show in the server's list, after an answer was lost, "
        "before the file is sent again.",
    )  # fmt: skip
    connect_timeout_seconds: values.Seconds = _setting(
        "AGENT_CONNECT_TIMEOUT_SECONDS", "10", "How long connecting to the server may take."
    )
    read_timeout_seconds: values.Seconds = _setting(
        "AGENT_READ_TIMEOUT_SECONDS", "60", "How long the server may be silent."
    )
    backoff_floor_seconds: values.Seconds = _setting(
        "AGENT_BACKOFF_FLOOR_SECONDS", "1", "The first wait after something went wrong."
    )
    backoff_ceiling_seconds: values.Seconds = _setting(
        "AGENT_BACKOFF_CEILING_SECONDS", "300",
        "The longest wait after something went wrong again and again.",
    )  # fmt: skip

    contacts_fields: values.FieldsWord = _setting(
        "CONTACTS_FIELDS", "live",
        "live: columns are checked against the account's own contact fields. documented: against "
        "the fields that every account has; the server is not asked.",
    )  # fmt: skip
    contacts_encoding: values.Encoding = _setting(
        "CONTACTS_ENCODING", "",
        "What files of contacts are in that do not begin with a byte-order mark, such as "
        "windows-1252 or iso-8859-15; they are converted. Empty for UTF-8.",
    )  # fmt: skip
    contacts_override_existing: values.Truth = _setting(
        "CONTACTS_OVERRIDE_EXISTING", "true", "Whether contacts that exist already are changed."
    )
    contacts_update_only_empty_fields: values.Truth = _setting(
        "CONTACTS_UPDATE_ONLY_EMPTY_FIELDS", "false",
        "Whether only fields that are empty now are written; needs the setting above.",
    )  # fmt: skip
    products_encoding: values.Encoding = _setting(
        "PRODUCTS_ENCODING", "", "Likewise for files of products."
    )
    products_override_existing: values.Truth = _setting(
        "PRODUCTS_OVERRIDE_EXISTING", "true", "Whether products that exist already are changed."
    )
    products_update_only_empty_fields: values.Truth = _setting(
        "PRODUCTS_UPDATE_ONLY_EMPTY_FIELDS", "false",
        "Whether only fields that are empty now are written; needs the setting above.",
    )  # fmt: skip
    vouchers_encoding: values.Encoding = _setting(
        "VOUCHERS_ENCODING", "", "Likewise for files of vouchers."
    )
    vouchers_override_existing: values.Truth = _setting(
        "VOUCHERS_OVERRIDE_EXISTING", "false", "Whether vouchers that exist already are changed."
    )
    vouchers_update_only_empty_fields: values.Truth = _setting(
        "VOUCHERS_UPDATE_ONLY_EMPTY_FIELDS", "false",
        "Whether only fields that are empty now are written; needs the setting above.",
    )  # fmt: skip
    vouchers_coupon_set: values.CouponSet = _setting(
        "VOUCHERS_COUPON_SET", "",
        "Name or id of the coupon set for vouchers dropped straight into inbox/vouchers. Others "
        "lie in a folder there that goes by the name or id of their set.",
    )  # fmt: skip

    stop_seconds: values.SecondsOrZero = _setting(
        "AGENT_STOP_SECONDS", "5",
        "How long to wait, when told to stop, for what is being done; the next start takes it up.",
    )  # fmt: skip
    log_level: values.LogLevel = _setting(
        "AGENT_LOG_LEVEL", "info", "The least to log: debug, info, warning or error."
    )
    log_format: values.LogForm = _setting(
        "AGENT_LOG_FORMAT", "text", "text for people, or json: one object a line."
    )
    log_file: values.PathOrNone = _setting(
        "AGENT_LOG_FILE", "", "A file to log to as well, such as state/agent.log; empty for none."
    )
    log_file_size: values.Size = _setting(
        "AGENT_LOG_FILE_SIZE", "10 MB", "Size at which a new log file is begun."
    )
    log_files: values.Count = _setting("AGENT_LOG_FILES", "5", "How many old log files to keep.")

    @field_validator("ca_bundle", "inbox", "processed", "failed", "state", "log_file")
    @classmethod
    def _absolute(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        return None if path is None else (info.data["home"] / path)

    @field_validator("ca_bundle")
    @classmethod
    def _there(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_file():
            raise Unusable(f"there is no file {path}.", instead="certificates.pem")
        return path

    @classmethod
    def settings_customise_sources(  # type: ignore[override]  # unused sources share a name
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the base class names it so
        init_settings: PydanticBaseSettingsSource,
        **_others: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take only what ``read_settings`` hands in: it knows the line that each value is on."""
        return (init_settings,)

    def require_key(self) -> SecretStr:
        """Return the API key.

        Raises:
            BadConfiguration: There is none.
        """
        if self.api_key is None:
            raise BadConfiguration(
                "There is no API key.",
                hint="In Connectif open Store settings > API and IP access > API Keys, make a key "
                "that may read and write imports, and write it as "
                f"CONNECTIF_API_KEY={values.KEY_EXAMPLE} into {self.home / ENV_FILE}.",
                code="no-api-key",
            )
        return self.api_key

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts that must never be shown: the key, and its secret half by itself."""
        if self.api_key is None:
            return ()
        key = self.api_key.get_secret_value()
        return key, key.partition(":")[2]

    @property
    def settle_rules(self) -> SettleRules:
        """How long the gates of a drop stay shut."""
        return SettleRules(
            quiet_seconds=self.settle_seconds,
            empty_hold_seconds=self.empty_hold_seconds,
            cut_hold_seconds=self.cut_hold_seconds,
            done_suffix=self.done_suffix,
            stalled_seconds=self.stalled_seconds,
        )

    @property
    def encodings(self) -> dict[Kind, str | None]:
        """For each kind what its files are in that do not say so themselves; None for UTF-8."""
        return {kind: getattr(self, f"{kind}_encoding") for kind in Kind}

    def options_for(self, kind: Kind) -> ImportOptions:
        """Return how rows of one kind are imported, before anything is known of a file."""
        return ImportOptions(
            override_existing=getattr(self, f"{kind}_override_existing"),
            update_only_empty_fields=getattr(self, f"{kind}_update_only_empty_fields"),
        )


DEFAULTS: dict[str, str] = {
    str(field.validation_alias): field.default
    for field in Settings.model_fields.values()
    if field.validation_alias
}
"""For each setting's name the default, as one would write it."""

MEANINGS: dict[str, str] = {
    str(field.validation_alias): field.description or ""
    for field in Settings.model_fields.values()
    if field.validation_alias
}
"""For each setting's name what it means."""
