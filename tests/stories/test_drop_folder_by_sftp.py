"""A drop folder by SFTP, set up with the very lines of ``docs/sftp.md``."""

import json
from collections.abc import Iterator

import pytest

from tests.drop_folders import PAGE, DropFolder
from tests.drops import contacts

PEOPLE = contacts(3)
FIRST_FILE = PAGE.block("sftp", "7. ").splitlines()


@pytest.fixture(scope="module")
def place() -> Iterator[DropFolder]:
    """Set up the server, its senders and the agent."""
    with DropFolder() as place:
        (place.folder / "people.csv").write_bytes(PEOPLE)
        yield place


def put(name: str, folder: str, *, mode: str = "640") -> list[str]:
    """List the commands that send the file under another name."""
    return [
        f"put people.csv {folder}/{name}.part",
        f"chmod {mode} {folder}/{name}.part",
        f"rename {folder}/{name}.part {folder}/{name}",
    ]


def test_the_first_file_of_a_sender_is_imported(place: DropFolder) -> None:
    """With the commands of the page; the report tells of it, and the sender sees it gone."""
    assert place.sftp("shop", *FIRST_FILE)[0]
    place.agent.until(lambda: "people.csv" in place.home.reports)
    report = place.home.reports["people.csv"]
    assert (report.outcome, report.folder) == ("imported", "processed/contacts")
    assert report.payload == PEOPLE
    _, listed = place.sftp("shop", "ls contacts")
    assert "people.csv" not in listed
    explained = place.administer(PAGE.block("sh", "7. "))
    assert report.path.name in explained


@pytest.mark.parametrize(
    "command",
    [
        "put people.csv people.csv",
        "put people.csv vouchers/people.csv",
        "mkdir other",
        "mkdir processed",
        "rename contacts other",
        "rmdir products",
        "chmod 777 contacts",
        "chown 0 contacts",
        "ls .claimed",
        "get .claimed/home.txt",
        "rm .claimed/home.txt",
        "put people.csv .claimed/people.csv",
        "rename products .claimed/products",
        "get /etc/passwd",
        "get ../../../../etc/passwd",
        "ls ../processed",
        "get ../agent.env",
        "get /srv",
        "ls vouchers/",
    ],
)
def test_a_sender_reaches_nothing_but_the_folders_that_are_theirs(
    place: DropFolder, command: str
) -> None:
    """Neither what was taken, nor the archive, nor the machine, nor another kind."""
    succeeded, printed = place.sftp("shop", "pwd", command)
    assert "Remote working directory: /\n" in printed
    assert not succeeded, printed
    assert "Permission denied" in printed or "not found" in printed


def test_a_link_leads_nowhere_else(place: DropFolder) -> None:
    """A sender may make one, and it ends in the inbox; the agent does not follow it."""
    link = place.home.path / "inbox" / "contacts" / "link.csv"
    assert place.sftp("shop", "symlink /etc/passwd contacts/link.csv")[0]
    try:
        assert not place.sftp("shop", "get contacts/link.csv")[0]
        assert "gate" in place.administer("dropbox-agent explain link.csv --home /srv/drop")
    finally:
        link.unlink()


def test_a_sender_of_one_kind_sends_only_that(place: DropFolder) -> None:
    """Here vouchers, into the folder of their set, and no contacts."""
    place.administer(PAGE.block("sh", "Vouchers"))
    (place.folder / "codes.csv").write_bytes(b"code\nSPRING-1\n")
    assert place.sftp("erp", 'put codes.csv "vouchers/Sandbox vouchers/codes.csv"')[0]
    place.agent.until(lambda: "codes.csv" in place.home.reports)
    assert place.home.reports["codes.csv"].outcome == "imported"
    for command in ("put people.csv contacts/people.csv", "ls contacts/", "ls products/"):
        assert not place.sftp("erp", command)[0]


def test_senders_get_no_shell_and_no_way_through(place: DropFolder) -> None:
    """Neither a command, nor a forwarded port."""
    refused = "This service allows sftp connections only."
    assert refused in PAGE.text
    port = f"-p{place.sshd.port}"
    assert refused in place.client("ssh", port, "id", user="shop")[1]
    through = ("-N", "-oExitOnForwardFailure=yes", "-R0:127.0.0.1:1")
    assert not place.client("ssh", port, *through, user="shop")[0]


def test_a_file_that_only_its_sender_may_read_waits_and_says_so(place: DropFolder) -> None:
    """When the sender gives the group the right, it is imported."""
    assert place.sftp("shop", *put("private.csv", "contacts", mode="600"))[0]
    place.agent.until(lambda: "private.csv" in place.home.waiting)
    asked = "dropbox-agent explain private.csv --home /srv/drop --json"
    place.agent.until(lambda: '"claim"' in place.administer(asked))
    assert place.sftp("shop", "chmod 640 contacts/private.csv")[0]
    place.agent.until(lambda: "private.csv" in place.home.reports)
    assert place.home.reports["private.csv"].outcome == "imported"


def test_the_server_says_which_folder_others_may_write_to(place: DropFolder) -> None:
    """Then nobody gets in, for the reason that the page has."""
    reason = "bad ownership or modes for chroot directory"
    assert reason in PAGE.text
    place.home.path.chmod(0o775)
    try:
        assert not place.sftp("shop", "ls")[0]
    finally:
        place.home.path.chmod(0o755)
    assert f'{reason} component "{place.home.path}/"' in place.sshd.log
    assert place.sftp("shop", "ls")[0]


def test_doctor_finds_no_fault_as_the_agents_user(place: DropFolder) -> None:
    """But perhaps that this machine's Python is not for everybody."""
    commands = PAGE.block("sh", "5. ").splitlines()
    (command,) = (each for each in commands if " doctor " in each)
    told = place.administer(f"{command} --offline --json || true", env=place.settings)
    findings = json.loads(told)["findings"]
    faults = {each["check"]: each for each in findings if each["verdict"] == "fault"}
    faults.pop("program", None)
    assert not faults
