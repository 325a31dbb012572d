"""Tests for reading all settings at once."""

from pathlib import Path

import pytest

from dropbox_agent.core.imports import ImportOptions
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.ordering import Order
from dropbox_agent.errors import BadConfiguration
from dropbox_agent.settings import BadSettings, SettingFault, read_settings

KEY = "0123abcd:s3cret-half"


def write(home: Path, text: str) -> None:
    """Write an ``agent.env``."""
    (home / "agent.env").write_text(text, encoding="utf-8")


def faults(home: Path, **environ: str) -> tuple[SettingFault, ...]:
    """Return the mistakes that reading reports."""
    with pytest.raises(BadSettings) as told:
        read_settings(home, environ)
    return told.value.faults


class TestEncodings:
    """What files are declared to be in."""

    def test_each_kind_has_its_own(self, tmp_path: Path) -> None:
        """Any name that Python knows leads to the one that is used; none is UTF-8."""
        write(tmp_path, "CONTACTS_ENCODING=cp1252\nVOUCHERS_ENCODING=UTF8\n")
        assert read_settings(tmp_path, {}).encodings == {
            Kind.CONTACTS: "windows-1252",
            Kind.PRODUCTS: None,
            Kind.VOUCHERS: "utf-8",
        }

    def test_a_name_that_is_none_is_told_with_the_nearest(self, tmp_path: Path) -> None:
        """At the start, and not when the first file comes."""
        write(tmp_path, "CONTACTS_ENCODING=win-1252\nPRODUCTS_ENCODING=klingon\n")
        assert faults(tmp_path) == (
            SettingFault(
                "CONTACTS_ENCODING",
                1,
                "'win-1252' is no encoding of text files; windows-1252 perhaps?",
                "CONTACTS_ENCODING=windows-1252",
            ),
            SettingFault(
                "PRODUCTS_ENCODING",
                2,
                "'klingon' is no encoding of text files, such as windows-1252.",
                "PRODUCTS_ENCODING=",
            ),
        )


class TestSources:
    """Where settings come from."""

    def test_nothing_set_gives_the_defaults(self, tmp_path: Path) -> None:
        """An empty home folder is enough; folders lie in it."""
        settings = read_settings(tmp_path, {})
        assert settings.home == tmp_path
        assert settings.inbox == tmp_path / "inbox"
        assert settings.state == tmp_path / "state"
        assert settings.api_url == "https://api.connectif.cloud"
        assert settings.settle_seconds == 5.0
        assert settings.import_patience_seconds == 21600
        assert settings.order is Order.ORDERED
        assert settings.row_faults == "warn"
        assert settings.log_file_size == 10_000_000
        assert settings.ca_bundle is None
        assert settings.log_file is None
        assert settings.vouchers_coupon_set is None
        assert settings.ignore == settings.doubts == settings.secrets == ()

    def test_the_environment_wins_over_the_file(self, tmp_path: Path) -> None:
        """A name in both counts as the environment has it."""
        write(tmp_path, "AGENT_SETTLE_SECONDS=1\nAGENT_RESCAN_SECONDS=2\n")
        settings = read_settings(tmp_path, {"AGENT_SETTLE_SECONDS": "0.5"})
        assert (settings.settle_seconds, settings.rescan_seconds) == (0.5, 2.0)

    def test_an_empty_value_is_none_at_all(self, tmp_path: Path) -> None:
        """Empty in the environment means the file's, empty in the file the default."""
        write(tmp_path, "AGENT_SETTLE_SECONDS=1\nAGENT_RESCAN_SECONDS=\nAGENT_STATE=''\n")
        settings = read_settings(tmp_path, {"AGENT_SETTLE_SECONDS": " "})
        assert (settings.settle_seconds, settings.rescan_seconds) == (1.0, 30.0)
        assert settings.state == tmp_path / "state"

    def test_a_relative_home_becomes_absolute(self) -> None:
        """Paths stay right when the working folder changes later."""
        settings = read_settings(Path("somewhere"), {})
        assert settings.inbox == Path.cwd() / "somewhere" / "inbox"

    def test_paths_may_be_relative_absolute_or_below_the_users_home(self, tmp_path: Path) -> None:
        """Relative ones start at the home folder."""
        elsewhere = tmp_path / "elsewhere"
        settings = read_settings(
            tmp_path / "home",
            {
                "AGENT_INBOX": "in/box",
                "AGENT_PROCESSED": str(elsewhere),
                "AGENT_FAILED": "~/failed",
            },
        )
        assert settings.inbox == tmp_path / "home" / "in" / "box"
        assert settings.processed == elsewhere
        assert settings.failed == Path.home() / "failed"

    def test_the_settings_cannot_be_changed(self, tmp_path: Path) -> None:
        """What was read stays as it was read."""
        settings = read_settings(tmp_path, {})
        with pytest.raises(ValueError, match="frozen"):
            settings.settle_seconds = 1.0  # type: ignore[misc]  # what the test is about


@pytest.mark.parametrize(
    ("name", "text", "attribute", "value"),
    [
        ("AGENT_SETTLE_SECONDS", "0", "settle_seconds", 0.0),
        ("AGENT_POLL_FLOOR_SECONDS", "0.05", "poll_floor_seconds", 0.05),
        ("AGENT_ROW_FAULTS", "REJECT", "row_faults", "reject"),
        ("AGENT_ROW_FAULTS", "5%", "row_faults", 0.05),
        ("AGENT_ROW_FAULTS", "0.5 %", "row_faults", 0.005),
        ("AGENT_ORDER", "Relaxed", "order", Order.RELAXED),
        ("AGENT_LOG_LEVEL", "DEBUG", "log_level", "debug"),
        ("AGENT_LOG_FORMAT", "json", "log_format", "json"),
        ("AGENT_LOG_FILE_SIZE", "500 kB", "log_file_size", 500_000),
        ("AGENT_LOG_FILE_SIZE", "1.5GiB", "log_file_size", 1_610_612_736),
        ("AGENT_LOG_FILE_SIZE", "4096", "log_file_size", 4096),
        ("AGENT_IGNORE", "a*, *.bak ,,", "ignore", ("a*", "*.bak")),
        ("AGENT_MAX_QUEUED", "3", "max_queued", 3),
        ("CONTACTS_OVERRIDE_EXISTING", "No", "contacts_override_existing", False),
        ("VOUCHERS_OVERRIDE_EXISTING", "1", "vouchers_override_existing", True),
        ("VOUCHERS_COUPON_SET", "61FA54f2" * 3, "vouchers_coupon_set", "61FA54f2" * 3),
        ("VOUCHERS_COUPON_SET", "Spring sale", "vouchers_coupon_set", "Spring sale"),
        ("CONTACTS_FIELDS", "Documented", "contacts_fields", "documented"),
        ("AGENT_ACCOUNT_SECONDS", "600", "account_seconds", 600.0),
        ("CONNECTIF_API_URL", "https://eu.example.com:8443/x/", "api_url",
         "https://eu.example.com:8443/x"),
        ("CONNECTIF_API_URL", "http://127.0.0.1:8080", "api_url", "http://127.0.0.1:8080"),
        ("CONNECTIF_API_URL", "http://[::1]:8080/", "api_url", "http://[::1]:8080"),
        ("CONNECTIF_API_URL", "http://localhost", "api_url", "http://localhost"),
    ],
)  # fmt: skip
def test_what_may_be_written(
    tmp_path: Path, name: str, text: str, attribute: str, value: object
) -> None:
    """Each kind of value is read in the forms that people write."""
    assert getattr(read_settings(tmp_path, {name: text}), attribute) == value


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("AGENT_SETTLE_SECONDS", "soon", "'soon' is not a number of seconds, 0 or more"),
        ("AGENT_SETTLE_SECONDS", "-1", "0 or more"),
        ("AGENT_RESCAN_SECONDS", "0", "more than 0"),
        ("AGENT_RESCAN_SECONDS", "inf", "not a number of seconds"),
        ("AGENT_RESCAN_SECONDS", "nan", "not a number of seconds"),
        ("AGENT_MAX_QUEUED", "11", "from 1 to 10"),
        ("AGENT_REQUESTS_PER_MINUTE", "1e2", "from 1 to 10000"),
        ("AGENT_JOBS_AHEAD", "0", "whole number"),
        ("AGENT_ROW_FAULTS", "150%", "neither warn nor reject"),
        ("AGENT_ORDER", "fifo", "ordered, relaxed"),
        ("AGENT_LOG_LEVEL", "loud", "debug, info, warning, error"),
        ("AGENT_LOG_FILE_SIZE", "big", "500 kB"),
        ("AGENT_LOG_FILE_SIZE", "0", "more than 0"),
        ("AGENT_IGNORE", "old/*.csv", "without folders"),
        ("AGENT_INBOX", "in\nbox", "control character"),
        ("CONTACTS_OVERRIDE_EXISTING", "maybe", "neither true nor false"),
        ("VOUCHERS_COUPON_SET", "spring\nsale", "control character"),
        ("CONTACTS_FIELDS", "all", "live, documented"),
        ("AGENT_ACCOUNT_SECONDS", "0", "more than 0"),
        ("CONNECTIF_CA_BUNDLE", "missing.pem", "there is no file"),
        ("CONNECTIF_CA_BUNDLE", "x" * 300, "there is no file"),
        ("CONNECTIF_API_URL", "api.example.com", "begins with https://"),
        ("CONNECTIF_API_URL", "ftp://api.example.com", "begins with https://"),
        ("CONNECTIF_API_URL", "https://api .example.com", "begins with https://"),
        ("CONNECTIF_API_URL", "https://[::1", "begins with https://"),
        ("CONNECTIF_API_URL", "https://api.example.com:port", "begins with https://"),
        ("CONNECTIF_API_URL", "http://api.example.com", "could read the key"),
        ("CONNECTIF_API_URL", "http://127.example.com", "could read the key"),
        ("CONNECTIF_API_URL", "https://me:s3cret@api.example.com", "no user"),
        ("CONNECTIF_API_URL", "https://api.example.com/?a=b", "no user"),
    ],
)
def test_what_may_not_be_written(tmp_path: Path, name: str, text: str, what: str) -> None:
    """Each wrong value is reported with its name, what is wrong and a value that would do."""
    (fault,) = faults(tmp_path, **{name: text})
    assert fault.name == name
    assert fault.line is None
    assert what in fault.what
    assert fault.write.startswith(f"{name}=")
    assert "s3cret" not in str(fault)


class TestKey:
    """The one secret."""

    def test_the_key_is_read_and_never_shown(self, tmp_path: Path) -> None:
        """The key comes out only where it is asked for."""
        settings = read_settings(tmp_path, {"CONNECTIF_API_KEY": KEY})
        assert settings.require_key().get_secret_value() == KEY
        assert settings.secrets == (KEY, "s3cret-half")
        assert "s3cret" not in repr(settings) + str(settings) + settings.model_dump_json()

    def test_a_missing_key_is_an_error_only_where_it_is_needed(self, tmp_path: Path) -> None:
        """Checking works without one; sending says how to make one and where to write it."""
        settings = read_settings(tmp_path, {})
        with pytest.raises(BadConfiguration, match="no API key") as told:
            settings.require_key()
        assert told.value.code == "no-api-key"
        assert str(tmp_path / "agent.env") in told.value.hint
        assert "API Keys" in told.value.hint

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            (f"apiKey {KEY}", "the word apiKey"),
            (f"Authorization: {KEY}", "the word apiKey"),
            (f'"{KEY}"', "quotation marks"),
            (f"{KEY} x", "a space"),
            (f"{KEY}\x00", "a space"),
            ("s3cret-half", "two parts"),
            (":s3cret-half", "two parts"),
            ("s3cret-half:", "two parts"),
            ("id:s3cret-h\u00e4lf", "two parts"),
        ],
    )
    def test_a_wrong_key_is_explained_but_never_shown(
        self, tmp_path: Path, text: str, what: str
    ) -> None:
        """The message tells what is wrong with it without repeating any of it."""
        with pytest.raises(BadSettings) as told:
            read_settings(tmp_path, {"CONNECTIF_API_KEY": text})
        (fault,) = told.value.faults
        assert what in fault.what
        assert "s3cret" not in str(told.value) + repr(told.value) + repr(fault)


class TestMistakes:
    """All mistakes at once."""

    def test_every_mistake_is_in_one_message(self, tmp_path: Path) -> None:
        """File and environment, single values and combinations, each with place and remedy."""
        write(
            tmp_path,
            "# mine\n\nAGENT_SETTLE_SECONDS=soon\nAGENT_INBX=in\nAGENT_STATE=inbox/state\n",
        )
        with pytest.raises(BadSettings) as told:
            read_settings(tmp_path, {"AGENT_ORDER": "fifo"})
        first, *rest = told.value.message.splitlines()
        assert first == "The settings have 4 mistakes:"
        assert [line.strip().split(": ")[:2] for line in rest] == [
            ["agent.env, line 3", "AGENT_SETTLE_SECONDS"],
            ["agent.env, line 4", "AGENT_INBX"],
            ["agent.env, line 5", "AGENT_STATE"],
            ["environment", "AGENT_ORDER"],
        ]
        assert told.value.exit_code == 78
        assert told.value.code == "bad-settings"

    def test_an_unknown_name_gets_the_nearest_one(self, tmp_path: Path) -> None:
        """A misspelt name in the file is a mistake, one of nothing like ours as well."""
        write(tmp_path, "agent_inbox=a\nHTTPS_PROXY=b\n")
        near, far = faults(tmp_path)
        assert "AGENT_INBOX perhaps?" in near.what
        assert "perhaps" not in far.what
        assert "#" in far.write

    def test_a_misspelt_name_in_the_environment_is_only_doubted(self, tmp_path: Path) -> None:
        """Other programs may use names like ours."""
        environ = {"AGENT_INBX": "in", "AGENT_OF_CHANGE": "x", "NGENT_INBOX": "y"}
        settings = read_settings(tmp_path, environ)
        assert settings.doubts == (
            "AGENT_INBX in the environment is not a setting; AGENT_INBOX perhaps?",
        )

    def test_a_value_in_the_file_that_is_overruled_may_be_wrong(self, tmp_path: Path) -> None:
        """Only what counts is looked at."""
        write(tmp_path, "AGENT_ORDER=fifo\n")
        assert read_settings(tmp_path, {"AGENT_ORDER": "relaxed"}).order is Order.RELAXED


def test_options_of_each_kind(tmp_path: Path) -> None:
    """Each kind has its own options; vouchers change nothing that is there, unless told."""
    settings = read_settings(tmp_path, {"PRODUCTS_UPDATE_ONLY_EMPTY_FIELDS": "true"})
    assert {kind: settings.options_for(kind) for kind in Kind} == {
        Kind.CONTACTS: ImportOptions(override_existing=True),
        Kind.PRODUCTS: ImportOptions(override_existing=True, update_only_empty_fields=True),
        Kind.VOUCHERS: ImportOptions(override_existing=False),
    }
