"""Transfers break off, and what has come of the file lies there under its own name.

Nobody has it open any more, and nothing about it changes. It ends within a record.
"""

import signal

import pytest

from tests.parcels import Parcel, Site
from tests.programs import begin, program, run, sftp, type_into
from tests.servers import PASSWORD, FtpServer, ProFtpd, VsFtpd

ROWS = 20_000


def broken_off_by_sftp(parcel: Parcel) -> None:
    """Kill sftp in the middle of a put."""
    slowly = ("sftp", "-l2000", "-b-", "-D", program("sftp-server"))
    with begin(*slowly) as client:
        type_into(client, f"put {parcel.source} {parcel.target}\n".encode())
        parcel.site.until(parcel.has_begun)
        client.kill()
    assert parcel.target.stat().st_size < len(parcel.content)


def test_sftp_is_killed_and_puts_again(site: Site) -> None:
    """What a killed sftp has left is never imported, and the next put is (D5)."""
    parcel = site.parcel("killed", ROWS)
    broken_off_by_sftp(parcel)
    parcel.is_left_alone()
    sftp(f"put {parcel.source} {parcel.target}")
    parcel.is_imported_once()


def test_sftp_is_killed_and_resumes(site: Site) -> None:
    """What a killed sftp has left is imported when the rest has come (D4, D5, D9)."""
    parcel = site.parcel("resumed", ROWS)
    broken_off_by_sftp(parcel)
    parcel.is_left_alone()
    sftp(f"reput {parcel.source} {parcel.target}")
    parcel.is_imported_once()


def test_sftp_is_killed_for_good(site: Site) -> None:
    """What nobody completes is rejected in the end, and not one row of it is imported (D5)."""
    strict = site.sibling("strict", AGENT_TRUNCATED_HOLD_SECONDS="1")
    parcel = strict.parcel("never-resumed", ROWS)
    broken_off_by_sftp(parcel)
    left = parcel.target.read_bytes()
    report = strict.until_reported(parcel.name, left)
    assert report.outcome == "rejected"
    assert report.payload == left
    assert str(left.count(b"\n") + 1) in report.content["reason"]["message"]
    assert not strict.sandbox.imports


def test_rsync_is_stopped_and_resumes(site: Site) -> None:
    """What a stopped rsync has kept is imported when the rest has come (D15)."""
    parcel = site.parcel("rsync-partial", ROWS)
    paths = (str(parcel.source), str(parcel.target.parent))
    with begin("rsync", "--partial", "--bwlimit=400", *paths) as client:
        hidden = parcel.target.parent
        site.until(lambda: any(each.stat().st_size for each in hidden.glob(f".{parcel.name}.*")))
        client.send_signal(signal.SIGTERM)
    site.until(parcel.target.exists)
    assert parcel.target.stat().st_size < len(parcel.content)
    parcel.is_left_alone()
    run("rsync", "--partial", *paths)
    parcel.is_imported_once()


@pytest.mark.parametrize("kind", [ProFtpd, VsFtpd])
def test_an_ftp_client_is_killed_and_another_resumes(site: Site, kind: type[FtpServer]) -> None:
    """What a killed client has left is imported when the rest has come (D19, D20)."""
    server = site.server(kind)
    parcel = site.parcel(f"ftp-killed-{kind.__name__}")
    with begin("curl", "-sS", "-T", "-", server.url(parcel.path)) as client:
        type_into(client, parcel.fragment)
        site.until(parcel.has_begun)
        client.kill()
    parcel.is_left_alone()
    login = f"open -u {server.user},{PASSWORD} ftp://127.0.0.1:{server.port}"
    run("lftp", "-c", f"{login}; put -c {parcel.source} -o {parcel.path}")
    parcel.is_imported_once()
