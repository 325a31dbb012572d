"""rclone delivers files, to a folder of this machine and through sshd."""

from tests.parcels import Parcel, Site
from tests.programs import run
from tests.servers import Sshd


def rclone(site: Site, *arguments: str) -> None:
    """Run rclone without settings of its own."""
    run("rclone", "--config", "", "--cache-dir", str(site.folder / "rclone"), *arguments)


def copy(parcel: Parcel, *options: str) -> None:
    """Copy a parcel into its inbox."""
    parcel.make_old()
    rclone(parcel.site, "copyto", *options, str(parcel.source), str(parcel.target))


def test_rclone(site: Site) -> None:
    """A file that is copied, given its old times and checked is imported whole and once (D16)."""
    parcel = site.parcel("rclone", rows=10_000)
    copy(parcel)
    parcel.is_imported_once()


def test_rclone_in_place(site: Site) -> None:
    """So is one that is written under its own name, as versions before 1.63 always do (D16)."""
    help_text = run("rclone", "help", "flags")
    parcel = site.parcel("rclone-inplace", rows=10_000)
    copy(parcel, *(["--inplace"] if "--inplace" in help_text else []))
    parcel.is_imported_once()


def test_rclone_with_a_name_for_what_is_not_complete(site: Site) -> None:
    """A file that is copied under another name is taken when it gets its own (D16)."""
    parcel = site.parcel("rclone-partial")
    partial = parcel.target.with_name(f"{parcel.name}.1a2b3c4d.partial")
    rclone(site, "copyto", str(parcel.source), str(partial))
    parcel.is_left_alone(partial)
    rclone(site, "moveto", str(partial), str(parcel.target))
    parcel.is_imported_once()


def test_rclone_through_sshd(site: Site) -> None:
    """A file that it sends by sftp and then looks at is imported whole and once (D16)."""
    sshd = site.server(Sshd)
    parcel = site.parcel("rclone-sftp")
    parcel.make_old()
    remote = f":sftp,host=127.0.0.1,port={sshd.port},user={sshd.user},key_file={sshd.key}:"
    rclone(site, "copyto", str(parcel.source), f"{remote}{parcel.target}")
    parcel.is_imported_once()
