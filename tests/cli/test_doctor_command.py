"""``doctor``: each fault is produced for real, found, and told with its mend."""

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from dropbox_agent.adapters.lock import HomeLock
from dropbox_agent.adapters.status_file import StatusFile
from dropbox_agent.inspection.doctor import examine_home
from dropbox_agent.sandbox import Sandbox
from tests.adapters.import_api.wire import CERTIFICATE, Wire, answer
from tests.cli.conftest import Command, Told
from tests.drops import contacts
from tests.mountings import mounted
from tests.processes import UNHURRIED, Home, Program, account
from tests.rights import as_nobody, needs_rights, open_folder

as_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="it needs an administrator on Linux"
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Run a double of Connectif."""
    with Sandbox(UNHURRIED) as running:
        yield running


@pytest.fixture
def open_home() -> Iterator[Home]:
    """Make a home that every user may enter and write to."""
    with open_folder() as folder:
        home = Home.made(folder / "home")
        for each in (home.path, *home.path.rglob("*")):
            each.chmod(0o777 if each.is_dir() else 0o666)
        (home.path / "agent.env").chmod(0o644)
        yield home


def found(told: Told) -> dict[str, dict[str, Any]]:
    """Read what was found, by the names of the checks; of one name the worst."""
    findings = json.loads(told.out)["findings"]
    order = ["ok", "cannot tell", "warning", "fault"]
    return {
        each["check"]: each for each in sorted(findings, key=lambda x: order.index(x["verdict"]))
    }


def verdict(told: Told, check: str) -> str:
    """Read one verdict."""
    return str(found(told)[check]["verdict"])


def files(home: Home) -> dict[Path, tuple[int, int]]:
    """Take stock of everything in a home."""
    return {
        path: (path.lstat().st_size, path.lstat().st_mtime_ns if path.is_file() else 0)
        for path in home.path.rglob("*")
    }


def test_a_home_that_works_has_no_fault(home: Home, command: Command, sandbox: Sandbox) -> None:
    """Every check has a name, a verdict and a sentence; it ends with 0."""
    told = command("doctor", "--home", home.path, "--json", **account(sandbox))
    assert told.exit_code == 0, told.out
    document = json.loads(told.out)
    assert set(document) == {"home", "user", "offline", "verdict", "findings"}
    assert document["home"] == str(home.path)
    for each in document["findings"]:
        assert set(each) == {"check", "verdict", "found", "mend"}
        assert each["found"]
        assert each["mend"] or each["verdict"] in {"ok", "cannot tell"}
    assert verdict(told, "API key") == "ok"
    assert verdict(told, "clock") == "ok"


def test_nothing_is_changed(home: Home, command: Command, sandbox: Sandbox) -> None:
    """Neither before the first start nor after a run, with a journal to be looked into."""
    home.drop("contacts", "people.csv", contacts(1))
    before = files(home)
    command("doctor", "--home", home.path, **account(sandbox))
    assert files(home) == before
    command("once", "--home", home.path, **account(sandbox))
    before = files(home)
    told = command("doctor", "--home", home.path, "--json", **account(sandbox))
    assert files(home) == before
    assert "whole" in found(told)["journal"]["found"]


def test_people_see_a_table_and_a_count(home: Home, command: Command) -> None:
    """With the mend below what was found; the key is never shown."""
    told = command("doctor", "--home", home.path, "--offline", CONNECTIF_API_KEY="my-id:my-secret")
    assert told.exit_code == 0
    assert told.out.startswith("verdict")
    assert "no fault" in told.out.splitlines()[-1]
    assert "my-secret" not in told.out + told.err


def test_a_home_that_is_not_there_is_a_fault(tmp_path: Path, command: Command) -> None:
    """The mend makes one."""
    told = command("doctor", "--home", tmp_path / "missing", "--json")
    assert told.exit_code == 1
    assert "init" in found(told)["home"]["mend"]
    assert not (tmp_path / "missing").exists()


def test_all_mistakes_in_the_settings_are_told_and_the_rest_is_examined(
    home: Home, command: Command
) -> None:
    """A backslash that became a line end among them."""
    (home.path / "agent.env").write_text(
        'AGENT_SETLE=3\nAGENT_LOG_FILE="C:\\new\\test.log"\nAGENT_MAX_QUEUED=11\n', encoding="utf-8"
    )
    told = command("doctor", "--home", home.path, "--json", "--offline")
    said = [each for each in json.loads(told.out)["findings"] if each["check"] == "settings"]
    assert told.exit_code == 1
    assert [each["verdict"] for each in said] == ["fault"] * 3
    assert "line 2" in said[1]["found"]
    assert "backslash" in said[1]["found"]
    assert verdict(told, "inbox") == "ok"


def test_a_mark_and_relative_paths_are_mentioned(home: Home, command: Command) -> None:
    """Neither does harm here."""
    (home.path / "agent.env").write_bytes(b"\xef\xbb\xbfAGENT_FAILED=failed\n")
    told = command("doctor", "--home", home.path, "--json", "--offline")
    assert "byte-order mark" in found(told)["settings"]["found"]
    assert str(home.path / "failed") in found(told)["paths in settings"]["found"]


def test_settings_that_the_environment_overrules_are_told(home: Home, command: Command) -> None:
    """The value is not."""
    (home.path / "agent.env").write_text("CONNECTIF_API_KEY=file:secret1\n", encoding="utf-8")
    (home.path / "agent.env").chmod(0o600)
    key = {"CONNECTIF_API_KEY": "environ:secret2"}
    told = command("doctor", "--home", home.path, "--json", "--offline", **key)
    assert verdict(told, "settings") == "warning"
    assert "secret" not in told.out


@needs_rights
def test_a_key_that_others_may_read_is_a_fault(home: Home, command: Command) -> None:
    """As with a file that was made by hand."""
    (home.path / "agent.env").write_text("CONNECTIF_API_KEY=my-id:my-secret\n", encoding="utf-8")
    (home.path / "agent.env").chmod(0o644)
    told = command("doctor", "--home", home.path, "--json", "--offline")
    assert told.exit_code == 1
    assert "chmod 600" in found(told)["rights of agent.env"]["mend"]
    assert "my-secret" not in told.out


def test_a_file_in_place_of_a_folder_is_a_fault(home: Home, command: Command) -> None:
    """The other folders are well."""
    (home.path / "failed" / "contacts").rmdir()
    (home.path / "failed" / "contacts").write_bytes(b"")
    told = command("doctor", "--home", home.path, "--json", "--offline")
    assert verdict(told, "failed") == "fault"
    assert verdict(told, "processed") == "ok"


def test_a_missing_inbox_is_a_fault_and_other_missing_folders_are_not(
    home: Home, command: Command
) -> None:
    """A start makes the others."""
    (home.path / "processed" / "contacts").rmdir()
    told = command("doctor", "--home", home.path, "--json", "--offline", AGENT_INBOX="elsewhere")
    assert verdict(told, "inbox") == "fault"
    assert verdict(told, "processed") == "warning"


@needs_rights
def test_folders_that_may_not_be_written_to_are_faults(open_home: Home, command: Command) -> None:
    """For whoever tries."""
    for name in ("inbox/contacts", "state"):
        (open_home.path / name).chmod(0o555)
    with as_nobody():
        told = command("doctor", "--home", open_home.path, "--json", "--offline")
    for check in ("inbox", "claiming", "state"):
        assert verdict(told, check) == "fault"
        assert "Permission denied" in found(told)[check]["found"]


@needs_rights
def test_the_inbox_itself_need_not_be_writable(open_home: Home, command: Command) -> None:
    """Where its folders are there: servers for SFTP want it to be root's."""
    (open_home.path / "inbox").chmod(0o555)
    with as_nobody():
        told = command("doctor", "--home", open_home.path, "--json", "--offline")
    for check in ("inbox", "claiming", "telling writers", "filing in processed"):
        assert verdict(told, check) == "ok"


@as_root
def test_the_sticky_bit_is_a_fault_for_who_owns_neither(open_home: Home, command: Command) -> None:
    """And files that others have put there are told."""
    open_home.drop("contacts", "people.csv", contacts(1)).chmod(0o600)
    (open_home.path / "inbox" / "contacts").chmod(0o1777)
    with as_nobody():
        told = command("doctor", "--home", open_home.path, "--json", "--offline")
    assert "chmod -t" in found(told)["sticky bit"]["mend"]
    assert "people.csv" in found(told)["files of other users"]["found"]


def test_inbox_folders_on_mounts_of_their_own_are_faults(
    home: Home, command: Command, sandbox: Sandbox
) -> None:
    """And when none can be claimed from, a start says so and ends."""
    inbox = home.path / "inbox"
    with mounted(inbox / "contacts", "--bind", inbox / "contacts"):
        told = command("doctor", "--home", home.path, "--json", "--offline")
        assert "separate mounts" in found(told)["claiming"]["found"]
        assert command("once", "--home", home.path, **account(sandbox)).exit_code == 0
    with mounted(inbox / ".claimed", "--bind", inbox / ".claimed"):
        told = command("once", "--home", home.path, **account(sandbox))
        assert told.exit_code == 78
        assert "claims-on-other-mount" in told.err


def test_an_archive_on_another_disk_is_no_fault(
    home: Home, command: Command, tmp_path: Path
) -> None:
    """Files are copied there."""
    archive = tmp_path / "archive"
    archive.mkdir()
    with mounted(archive, "-t", "tmpfs", "tmpfs"):
        for kind in ("contacts", "products", "vouchers"):
            (archive / kind).mkdir()
        told = command(
            "doctor", "--home", home.path, "--json", "--offline", AGENT_PROCESSED=str(archive)
        )
    assert verdict(told, "filing in processed") == "ok"
    assert "copied" in found(told)["filing in processed"]["found"]


def test_too_little_room_is_a_fault(home: Home, command: Command) -> None:
    """No file would be taken."""
    told = command("doctor", "--home", home.path, "--json", "--offline", AGENT_MIN_FREE="900000 GB")
    assert verdict(told, "free space") == "fault"


def test_a_damaged_journal_is_a_fault(home: Home, command: Command) -> None:
    """In its head, or deep in it."""
    path = home.path / "state" / "journal.sqlite"
    path.write_bytes(b"no journal at all" * 100)
    told = command("doctor", "--home", home.path, "--json", "--offline")
    assert verdict(told, "journal") == "fault"


def test_a_journal_that_is_damaged_deep_inside_is_a_fault(
    home: Home, command: Command, sandbox: Sandbox
) -> None:
    """Where an ordinary look would miss it."""
    command("once", "--home", home.path, **account(sandbox))
    path = home.path / "state" / "journal.sqlite"
    with closing(sqlite3.connect(path)) as journal:
        journal.executescript("CREATE TABLE ballast (a); PRAGMA journal_mode=DELETE;")
        journal.executemany("INSERT INTO ballast VALUES (?)", [("x" * 900,) for _ in range(50)])
        journal.commit()
    content = bytearray(path.read_bytes())
    content[-8192:] = b"\xff" * 8192
    path.write_bytes(content)
    told = command("doctor", "--home", home.path, "--json", "--offline")
    assert verdict(told, "journal") == "fault"
    assert "damaged" in found(told)["journal"]["found"]


def test_claimed_files_without_a_journal_are_told(home: Home, command: Command) -> None:
    """The next start takes them up."""
    claim = home.path / "inbox" / ".claimed" / "c2345678"
    claim.mkdir()
    (claim / "people.csv").write_bytes(contacts(1))
    told = command("doctor", "--home", home.path, "--json", "--offline")
    assert verdict(told, "claimed files") == "warning"
    assert "c2345678" in found(told)["claimed files"]["found"]


def test_an_inbox_that_was_replaced_is_a_fault(home: Home, command: Command) -> None:
    """The mark tells."""
    (home.path / "inbox" / ".claimed" / "home.txt").write_text("another\n", encoding="utf-8")
    told = command("doctor", "--home", home.path, "--json", "--offline")
    assert verdict(told, "mark of inbox") == "fault"


def test_an_agent_without_a_fresh_heartbeat_is_told(home: Home, command: Command) -> None:
    """One that has just started, and one that hangs."""
    with HomeLock(home.path / "state"):
        told = command("doctor", "--home", home.path, "--json", "--offline")
        assert verdict(told, "agent") == "cannot tell"
        StatusFile(home.path / "state").write({"at": "2020-01-01T00:00:00Z"})
        told = command("doctor", "--home", home.path, "--json", "--offline")
        assert verdict(told, "agent") == "fault"


def test_a_wrong_key_is_told_from_one_that_lacks_a_right(
    home: Home, command: Command, sandbox: Sandbox
) -> None:
    """Neither is shown."""
    keys = {"wrong:secret99": "401", sandbox.keys.powerless: "403"}
    for key, status in keys.items():
        settings = account(sandbox) | {"CONNECTIF_API_KEY": key}
        told = command("doctor", "--home", home.path, "--json", **settings)
        assert told.exit_code == 1
        assert verdict(told, "API key") == "fault"
        assert status in found(told)["API key"]["found"]
        assert key.partition(":")[2] not in told.out


def test_a_key_for_imports_only_is_a_warning(
    home: Home, command: Command, sandbox: Sandbox
) -> None:
    """Imports work; files are checked less closely."""
    settings = account(sandbox) | {"CONNECTIF_API_KEY": sandbox.keys.imports_only}
    told = command("doctor", "--home", home.path, "--json", **settings)
    assert told.exit_code == 0
    assert verdict(told, "right to read contact fields") == "warning"
    assert verdict(told, "right to read coupon sets") == "warning"


def test_without_a_key_the_way_is_tried_all_the_same(
    home: Home, command: Command, sandbox: Sandbox
) -> None:
    """That there is none is the only fault."""
    settings = account(sandbox) | {"CONNECTIF_API_KEY": ""}
    told = command("doctor", "--home", home.path, "--json", **settings)
    faults = [check for check, each in found(told).items() if each["verdict"] == "fault"]
    assert faults == ["API key"]
    assert verdict(told, "import API") == "ok"


def test_a_key_that_systemd_keeps_for_a_service_is_told(home: Home) -> None:
    """The settings alone would seem to have none."""
    for keys, verdict_of_key in ((), "fault"), (("/etc/credstore/a.connectif_api_key",), "unknown"):
        findings = examine_home(home.path, {}, offline=True, stored_keys=keys)
        (about_key,) = (each for each in findings if each.check == "API key")
        assert about_key.verdict.name.lower() == verdict_of_key


def test_a_server_that_does_not_answer_is_a_fault(
    home: Home, command: Command, dead_account: dict[str, str]
) -> None:
    """What lies behind it is not guessed at."""
    told = command("doctor", "--home", home.path, "--json", **dead_account)
    assert verdict(told, "connection") == "fault"
    assert verdict(told, "API key") == "cannot tell"


def test_a_certificate_that_is_not_trusted_is_a_fault_until_it_is_named(
    home: Home, command: Command
) -> None:
    """The file of one's own is told."""
    with Wire(answer(200, {"results": []}), tls=True) as wire:
        settings = {"CONNECTIF_API_URL": wire.url, "CONNECTIF_API_KEY": "some:key123"}
        told = command("doctor", "--home", home.path, "--json", **settings)
        assert verdict(told, "encryption") == "fault"
        settings["CONNECTIF_CA_BUNDLE"] = str(CERTIFICATE)
        told = command("doctor", "--home", home.path, "--json", **settings)
    assert verdict(told, "encryption") == "ok"
    assert verdict(told, "certificates") == "ok"


def test_a_clock_that_differs_from_the_servers_is_a_warning(home: Home, command: Command) -> None:
    """By the date in its answer."""
    with Wire(answer(200, {"results": []}, Date=formatdate(0, usegmt=True))) as wire:
        settings = {"CONNECTIF_API_URL": wire.url, "CONNECTIF_API_KEY": "some:key123"}
        told = command("doctor", "--home", home.path, "--json", **settings)
    assert verdict(told, "clock") == "warning"
    assert "ahead of" in found(told)["clock"]["found"]


@as_root
def test_another_user_is_tried_with_that_users_rights() -> None:
    """What root may is not what the service may."""
    with open_folder() as folder:
        home = Home.made(folder / "home")
        with Program(home, "doctor", "--offline", "--json", "--user", "nobody") as doctor:
            assert doctor.exit_code() == 1, doctor.log
            told = json.loads(doctor.printed)
    assert told["user"] == "nobody"
    first, rest = told["findings"]
    assert "may not be read" in first["found"]
    assert rest["verdict"] == "cannot tell"


@as_root
def test_the_folders_are_tried_with_another_users_rights() -> None:
    """As root made them, they are closed to everybody else."""
    with open_folder() as folder:
        home = Home.made(folder / "home")
        (home.path / "agent.env").chmod(0o644)
        with Program(home, "doctor", "--offline", "--json", "--user", "nobody") as doctor:
            assert doctor.exit_code() == 1, doctor.log
            findings = json.loads(doctor.printed)["findings"]
        assert not list(home.path.rglob(".dropbox-agent-doctor*"))
    faults = {each["check"] for each in findings if each["verdict"] == "fault"}
    assert {"inbox", "processed", "failed", "state", "claiming"} <= faults


@needs_rights
def test_a_home_that_may_not_be_entered_is_a_fault(command: Command) -> None:
    """It is told from one that is not there."""
    with open_folder() as folder:
        home = Home.made(folder / "closed" / "home")
        (folder / "closed").chmod(0o700)
        with as_nobody():
            told = command("doctor", "--home", home.path, "--json")
    if os.geteuid() == 0:
        assert "Permission denied" in found(told)["home"]["found"]


def test_a_user_that_is_not_there_is_refused(home: Home, command: Command) -> None:
    """With a code that scripts understand."""
    if sys.platform == "linux":
        told = command("doctor", "--home", home.path, "--user", "no-such-user-here")
        assert told.exit_code == 78


@needs_rights
def test_a_start_logs_what_is_not_well_in_one_line_each(
    home: Home, command: Command, sandbox: Sandbox
) -> None:
    """And goes on; what is well is not told."""
    (home.path / "agent.env").write_text(f"CONNECTIF_API_KEY={sandbox.api_key}\n", encoding="utf-8")
    (home.path / "agent.env").chmod(0o644)
    settings = {"CONNECTIF_API_URL": sandbox.url}
    told = command("once", "--home", home.path, **settings)
    assert told.exit_code == 0
    (line,) = [each for each in told.err.splitlines() if "rights of agent.env" in each]
    assert "chmod 600" in line
    assert "fsync" not in told.err


def test_an_archive_that_cannot_be_written_to_is_told_at_the_start(
    home: Home, command: Command, sandbox: Sandbox
) -> None:
    """Files would be imported, and then never filed; once does not try that for ever."""
    home.drop("contacts", "people.csv", contacts(1))
    settings = account(sandbox)
    archive = home.path / "processed" / "contacts"
    with mounted(archive, "-t", "tmpfs", "-o", "ro", "tmpfs"):
        told = command("once", "--home", home.path, **settings)
    assert told.exit_code == 75
    assert told.err.count(f"processed: In {archive} the user") == 1
    assert command("once", "--home", home.path, **settings).exit_code == 0


def test_outlets_that_would_keep_it_from_starting_are_faults(home: Home, command: Command) -> None:
    """A program that is not there, an address that nobody understands; neither is shown whole."""
    told = command(
        "doctor", "--json", "--offline", "--home", home.path,
        AGENT_HOOK="/no/such/program --fast", AGENT_NOTIFY="nonsense://token-s3cret@example.com",
    )  # fmt: skip
    assert (verdict(told, "hook"), verdict(told, "messages")) == ("fault", "fault")
    assert "s3cret" not in told.out


def test_outlets_that_can_be_used_are_told(home: Home, command: Command) -> None:
    """Nothing is run or sent for that."""
    told = command(
        "doctor", "--json", "--offline", "--home", home.path,
        AGENT_HOOK=f"{sys.executable} -V", AGENT_NOTIFY="json://127.0.0.1:9/x",
        AGENT_METRICS_FILE="metrics/agent.prom",
    )  # fmt: skip
    assert {verdict(told, each) for each in ("hook", "messages", "metrics")} == {"ok"}
