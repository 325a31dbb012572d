"""smbclient delivers files through Samba."""

from tests.parcels import Parcel, Site
from tests.programs import begin, run, type_into
from tests.servers import Smbd


def smb(site: Site, *commands: str) -> None:
    """Let smbclient carry out commands in the share, of which each has to succeed."""
    printed = run(*site.server(Smbd).client("; ".join(commands)))
    assert "NT_STATUS" not in printed, printed  # it ends with 0 all the same


def put(parcel: Parcel, path: str = "") -> str:
    """Write the command that puts a file, somewhere else if need be."""
    return f'put "{parcel.source}" {path or parcel.path}'


def test_smbclient(site: Site) -> None:
    """A file that is put into the share is imported whole and once (D22)."""
    parcel = site.parcel("smb", rows=10_000)
    smb(site, put(parcel))
    parcel.is_imported_once()


def test_an_upload_that_stalls(site: Site) -> None:
    """A file that a client still has open in the share is left alone (D22, D25)."""
    parcel = site.parcel("smb-stalls")
    with begin(*site.server(Smbd).client(f"put - {parcel.path}")) as client:
        type_into(client, parcel.half)
        site.until(parcel.target.exists)
        parcel.is_left_alone()
        type_into(client, parcel.after(parcel.half))
    assert client.returncode == 0
    parcel.is_imported_once()


def test_a_rename_in_the_share(site: Site) -> None:
    """A file that gets its name at the end is taken then (D6)."""
    parcel = site.parcel("smb-rename")
    unfinished = f"{parcel.path}.tmp"
    smb(site, put(parcel, unfinished))
    parcel.is_left_alone(site.inbox / unfinished)
    smb(site, f"rename {unfinished} {parcel.path}")
    parcel.is_imported_once()


def test_rights_and_times_after_the_put(site: Site) -> None:
    """A client that marks the file and sets its times after its put does not fail (D8, D22)."""
    parcel = site.parcel("smb-attributes")
    times = 'utimes contacts/smb-attributes.csv -1 -1 "2001:09:09-01:46:40" -1'
    pause = "!sleep 0.3"
    smb(site, put(parcel), pause, f"setmode {parcel.path} +a", times, f"allinfo {parcel.path}")
    parcel.is_imported_once()


def test_an_empty_file_first_and_companions(site: Site) -> None:
    """Of what macOS writes to shares only the file is taken, once it has content (D23)."""
    parcel = site.parcel("smb-finder")
    empty = site.parcel("smb-finder-empty")
    empty.source.write_bytes(b"")
    companion = f"contacts/._{parcel.name}"
    smb(site, put(empty, parcel.path), put(empty, "contacts/.DS_Store"), put(parcel, companion))
    parcel.is_left_alone()
    smb(site, put(parcel))
    parcel.is_imported_once()
    assert (site.inbox / companion).exists()
