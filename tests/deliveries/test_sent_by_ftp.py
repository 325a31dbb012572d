"""FTP clients deliver files through ProFTPD and vsftpd.

ProFTPD runs as it is delivered, and with ``HiddenStores``.
"""

from ftplib import FTP

import pytest

from tests.parcels import Site
from tests.programs import begin, run, type_into
from tests.servers import PASSWORD, FtpServer, HidingProFtpd, ProFtpd, VsFtpd

each_server = pytest.mark.parametrize("kind", [ProFtpd, HidingProFtpd, VsFtpd])
each_open_server = pytest.mark.parametrize("kind", [ProFtpd, VsFtpd])


def lftp(server: FtpServer, *commands: str) -> None:
    """Let lftp carry out commands, of which each has to succeed."""
    script = "; ".join(
        (
            "set cmd:fail-exit yes",
            f"open -u {server.user},{PASSWORD} ftp://127.0.0.1:{server.port}",
            *commands,
        )
    )
    run("lftp", "-c", script, env={"HOME": str(server.folder)})


@each_server
def test_curl(site: Site, kind: type[FtpServer]) -> None:
    """A file that curl sends is imported whole and once (D17, D19, D20)."""
    server = site.server(kind)
    parcel = site.parcel(f"curl-{kind.__name__}", rows=10_000)
    run("curl", "-sS", "-T", str(parcel.source), server.url(parcel.path))
    parcel.is_imported_once()


@each_server
def test_an_upload_that_stalls(site: Site, kind: type[FtpServer]) -> None:
    """A file whose upload stalls for longer than files need to settle is left alone (D19, D20)."""
    server = site.server(kind)
    parcel = site.parcel(f"stalls-{kind.__name__}")
    hidden = parcel.target.with_name(f".in.{parcel.name}.")
    visible = hidden if kind is HidingProFtpd else parcel.target
    with begin("curl", "-sS", "-T", "-", server.url(parcel.path)) as curl:
        type_into(curl, parcel.half)
        site.until(lambda: parcel.has_begun(visible))
        parcel.is_left_alone(visible)
        type_into(curl, parcel.after(parcel.half))
    assert curl.returncode == 0
    parcel.is_imported_once()


def test_an_upload_that_is_broken_off_while_it_is_hidden(site: Site) -> None:
    """Nothing of it is ever taken, and the next upload is imported (D19)."""
    server = site.server(HidingProFtpd)
    parcel = site.parcel("hidden-and-broken-off")
    hidden = parcel.target.with_name(f".in.{parcel.name}.")
    with begin("curl", "-sS", "-T", "-", server.url(parcel.path)) as curl:
        type_into(curl, parcel.fragment)
        site.until(lambda: parcel.has_begun(hidden))
        curl.kill()
    site.until(lambda: not hidden.exists())
    run("curl", "-sS", "-T", str(parcel.source), server.url(parcel.path))
    parcel.is_imported_once()


@each_server
def test_lftp(site: Site, kind: type[FtpServer]) -> None:
    """A file that lftp puts is imported whole and once (D18)."""
    parcel = site.parcel(f"lftp-{kind.__name__}")
    lftp(site.server(kind), "cd contacts", f"put {parcel.source}")
    parcel.is_imported_once()


@each_open_server
def test_lftp_with_names_for_what_is_not_complete(site: Site, kind: type[FtpServer]) -> None:
    """A file that lftp puts under a name of its own is taken when it gets the right one (D18)."""
    parcel = site.parcel(f"lftp-temp-{kind.__name__}")
    setting = "set xfer:use-temp-file yes"
    lftp(site.server(kind), setting, "cd contacts", f"put {parcel.source}")
    parcel.is_imported_once()


@each_open_server
def test_lftp_that_mirrors_a_folder(site: Site, kind: type[FtpServer]) -> None:
    """Setting times and rights after the upload succeeds, and the file is imported (D8, D18)."""
    parcel = site.parcel(f"lftp-mirror-{kind.__name__}")
    parcel.make_old()
    lftp(site.server(kind), f"mirror --reverse {parcel.source.parent} contacts")
    parcel.is_imported_once()


@each_open_server
def test_a_rename_after_the_upload(site: Site, kind: type[FtpServer]) -> None:
    """A file that is sent under another name is taken when it gets its own (D6, D11)."""
    server = site.server(kind)
    parcel = site.parcel(f"ftp-rename-{kind.__name__}")
    unfinished = f"{parcel.path}.part"
    lftp(server, f"put {parcel.source} -o {unfinished}")
    parcel.is_left_alone(site.inbox / unfinished)
    lftp(server, f"mv {unfinished} {parcel.path}")
    parcel.is_imported_once()


@each_open_server
def test_text_mode(site: Site, kind: type[FtpServer]) -> None:
    """A file whose line ends the transfer changes is imported as it arrived (D21)."""
    server = site.server(kind)
    parcel = site.parcel(f"ascii-{kind.__name__}")
    with FTP() as ftp, parcel.source.open("rb") as source:  # noqa: S321 - it is what is tried here
        ftp.connect("127.0.0.1", server.port)
        ftp.login(server.user, PASSWORD)
        ftp.storlines(f"STOR {parcel.path}", source)
    parcel.is_imported_once(parcel.content.replace(b"\r\n", b"\n"))
