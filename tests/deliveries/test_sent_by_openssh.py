"""sftp, scp and others deliver files through OpenSSH's server."""

from pathlib import Path

from tests.parcels import Parcel, Site
from tests.programs import foreign_python, run, sftp
from tests.servers import Sshd

CONFIRMED_PUT = """
import sys, paramiko
port, user, key, source, target = sys.argv[1:]
transport = paramiko.Transport(("127.0.0.1", int(port)))
transport.connect(username=user, pkey=paramiko.Ed25519Key.from_private_key_file(key))
with transport, paramiko.SFTPClient.from_transport(transport) as sftp:
    sftp.put(source, target, confirm=True)
"""


def put(parcel: Parcel, *, options: str = "", name: str = "") -> str:
    """Write the command that puts a file, under another name if need be."""
    return f'put {options} "{parcel.source}" "{parcel.target.with_name(name or parcel.name)}"'


def test_put(site: Site) -> None:
    """A file that is put under its own name is imported whole and once (D1)."""
    parcel = site.parcel("put")
    sftp(put(parcel))
    parcel.is_imported_once()


def test_put_with_its_old_times(site: Site) -> None:
    """A file that was written years ago is imported like any other (D2)."""
    parcel = site.parcel("put-p")
    parcel.make_old()
    sftp(put(parcel, options="-p"))
    parcel.is_imported_once()


def test_put_over_a_file_that_waits(site: Site) -> None:
    """A file that is overwritten before it has settled is imported as it is then (D3)."""
    parcel = site.parcel("put-over")
    earlier = site.parcel("put-over-earlier")
    with parcel.target.open("wb"):
        sftp(f"put {earlier.source} {parcel.target}", put(parcel))
        parcel.is_left_alone()
    parcel.is_imported_once()


def test_rename_in_one_step(site: Site) -> None:
    """A file that was put under another name is taken when it has its own (D6, D9)."""
    parcel = site.parcel("posix-rename")
    unfinished = f"{parcel.target}.filepart"
    sftp(put(parcel, name=f"{parcel.name}.filepart"))
    parcel.is_left_alone(Path(unfinished))
    sftp(f"rename {unfinished} {parcel.target}")
    parcel.is_imported_once()


def test_rename_by_link_and_unlink(site: Site) -> None:
    """A file that gets its name as a second one, as old clients do it, is taken as well (D7)."""
    parcel = site.parcel("rename-l")
    unfinished = f"{parcel.target}.filepart"
    sftp(put(parcel, name=f"{parcel.name}.filepart"), f"rename -l {unfinished} {parcel.target}")
    parcel.is_imported_once()


def test_rights_and_a_look_after_the_put(site: Site) -> None:
    """A client that sets rights and looks at the file after its put does not fail (D8)."""
    parcel = site.parcel("put-chmod")
    pause = "!sleep 0.3"
    sftp(put(parcel), pause, f"chmod 640 {parcel.target}", pause, f"ls -l {parcel.target}")
    parcel.is_imported_once()


def test_a_size_check_after_the_put(site: Site) -> None:
    """A library that asks for the size after its put finds the file there (D10)."""
    python = foreign_python("paramiko")
    sshd = site.server(Sshd)
    parcel = site.parcel("put-confirm")
    login = (str(sshd.port), sshd.user, str(sshd.key))
    run(python, "-c", CONFIRMED_PUT, *login, str(parcel.source), str(parcel.target))
    parcel.is_imported_once()


def test_put_over_the_network(site: Site) -> None:
    """A file that is put through a real server is imported whole and once (D1)."""
    sshd = site.server(Sshd)
    parcel = site.parcel("put-sshd", rows=10_000)
    address = f"{sshd.user}@127.0.0.1"
    run("sftp", *sshd.options, f"-P{sshd.port}", "-b-", address, typed=put(parcel))
    parcel.is_imported_once()


def test_scp(site: Site) -> None:
    """A file that scp copies is imported whole and once (D17)."""
    sshd = site.server(Sshd)
    parcel = site.parcel("scp")
    address = f"{sshd.user}@127.0.0.1:{parcel.target}"
    run("scp", "-p", *sshd.options, f"-P{sshd.port}", str(parcel.source), address)
    parcel.is_imported_once()


def test_scp_by_its_old_protocol(site: Site) -> None:
    """The protocol of before sftp sets the size last; the file is imported whole (D9, D17)."""
    sshd = site.server(Sshd)
    parcel = site.parcel("scp-old")
    address = f"{sshd.user}@127.0.0.1:{parcel.target}"
    run("scp", "-O", "-p", *sshd.options, f"-P{sshd.port}", str(parcel.source), address)
    parcel.is_imported_once()


def test_curl_by_sftp(site: Site) -> None:
    """A file that curl sends by sftp is imported whole and once (D17)."""
    sshd = site.server(Sshd)
    parcel = site.parcel("curl-sftp", rows=10_000)
    login = ("--insecure", "--key", str(sshd.key), "--pubkey", f"{sshd.key}.pub")
    url = f"sftp://{sshd.user}@127.0.0.1:{sshd.port}{parcel.target}"
    run("curl", "-sS", *login, "-T", str(parcel.source), url)
    parcel.is_imported_once()


def test_lftp_by_sftp(site: Site) -> None:
    """A file that lftp sends by sftp is imported whole and once (D18)."""
    sshd = site.server(Sshd)
    parcel = site.parcel("lftp-sftp")
    setting = f'set sftp:connect-program "{sshd.shell} -a -x"'
    address = f"open -u {sshd.user},none sftp://127.0.0.1"
    put_it = f"put {parcel.source} -o {parcel.target}"
    run("lftp", "-c", f"set cmd:fail-exit yes; {setting}; {address}; {put_it}")
    parcel.is_imported_once()


def test_a_name_with_spaces_and_accents(site: Site) -> None:
    """The name arrives as it was sent (D36)."""
    parcel = site.parcel("clientes España (1)")
    sftp(put(parcel))
    parcel.is_imported_once()


def test_two_files_in_one_batch(site: Site) -> None:
    """Each of the files of a batch is imported (D17)."""
    parcels = [site.parcel(f"batch-{n}") for n in range(2)]
    sftp(*(put(parcel) for parcel in parcels))
    for parcel in parcels:
        parcel.is_imported_once()
