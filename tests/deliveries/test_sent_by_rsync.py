"""rsync delivers files, from the same machine and through sshd."""

from tests.parcels import Parcel, Site
from tests.programs import run
from tests.servers import Sshd


def rsync(parcel: Parcel, *options: str) -> None:
    """Copy a parcel into its inbox."""
    run("rsync", *options, str(parcel.source), str(parcel.target.parent))


def test_rsync(site: Site) -> None:
    """The hidden file it writes to is left alone, and taken when it has its name (D12)."""
    parcel = site.parcel("rsync")
    rsync(parcel)
    parcel.is_imported_once()


def test_rsync_with_old_times(site: Site) -> None:
    """A file that was written years ago is imported like any other (D12)."""
    parcel = site.parcel("rsync-t")
    parcel.make_old()
    rsync(parcel, "--archive")
    parcel.is_imported_once()


def test_rsync_in_place(site: Site) -> None:
    """A file that is written under its own name and then gets its times is imported (D13)."""
    parcel = site.parcel("rsync-inplace")
    parcel.make_old()
    rsync(parcel, "--inplace", "--archive", "--chmod=F640")
    parcel.is_imported_once()


def test_rsync_that_gives_names_at_the_end(site: Site) -> None:
    """A file that is moved in from a folder beside it is taken as well (D14)."""
    parcel = site.parcel("rsync-delay-updates")
    rsync(parcel, "--delay-updates", "--archive")
    parcel.is_imported_once()


def test_rsync_over_a_file_that_waits(site: Site) -> None:
    """A file that is mended in place before it has settled is imported as it is then (D13)."""
    parcel = site.parcel("rsync-over")
    with parcel.target.open("wb") as earlier:
        earlier.write(parcel.content.replace(b"Ada", b"Eva"))
        earlier.flush()
        rsync(parcel, "--inplace", "--no-whole-file", "--ignore-times")
        parcel.is_left_alone()
    parcel.is_imported_once()


def test_rsync_through_sshd(site: Site) -> None:
    """A file that comes from another machine is imported whole and once (D12)."""
    sshd = site.server(Sshd)
    parcel = site.parcel("rsync-ssh", rows=10_000)
    address = f"{sshd.user}@127.0.0.1:{parcel.target.parent}"
    run("rsync", "-az", "--no-owner", "-e", sshd.shell, str(parcel.source), address)
    parcel.is_imported_once()
