"""Where a folder lies, from the lists that operating systems give."""

import subprocess
import sys
from pathlib import Path

import pytest

from dropbox_agent.adapters.mounts import drive_mount, drive_of, mount_in, mount_of
from dropbox_agent.core.mount import UNKNOWN, Mount, Reach

TABLE = r"""22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 27 0:50 / /srv/drop rw,relatime shared:20 master:3 - cifs //files.example.com/drop rw
41 27 0:51 / /srv/drop2 rw - nfs4 nas.example.com:/drop rw
42 27 0:52 / /srv/with\040blank\011and\134 rw - fuse.sshfs shop@sftp.example.com: rw
43 27 254:0 /var/data /srv/bind rw - ext4 /dev/vda rw
44 27 0:53 / /net rw - autofs systemd-1 rw,fd=40
45 44 0:54 / /net rw - nfs4 nas.example.com:/net rw
46 27 0:55 / /hidden/deep rw - cifs //files.example.com/old rw
47 27 0:56 / /hidden rw - tmpfs none rw
48 27 0:57 / /merged rw - overlay overlay rw,lowerdir=/a,upperdir=/b
49 27 0:58 / /pool rw - btrfs /dev/vdb rw
50 27 0:59 / /auto rw - autofs systemd-1 rw
"""

with_unshare = pytest.mark.skipif(
    sys.platform != "linux"
    or subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode != 0,  # noqa: S607
    reason="mounts need an administrator on Linux, and the program unshare",
)

MOUNT_AND_ASK = """
import subprocess, sys
from pathlib import Path
from dropbox_agent.adapters.mounts import mount_of
folder = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "none", folder], check=True)
(folder / "contacts").mkdir()
print(mount_of(folder / "contacts"))
"""


@pytest.mark.parametrize(
    ("place", "device", "file_system", "point"),
    [
        ("/home/shop/inbox", "254:0", "ext4", "/"),
        ("/", "254:0", "ext4", "/"),
        ("/srv/drop", "0:50", "cifs", "/srv/drop"),
        ("/srv/drop/inbox", "0:50", "cifs", "/srv/drop"),
        ("/srv/drop2/inbox", "0:51", "nfs4", "/srv/drop2"),
        ("/srv/drop3", "254:0", "ext4", "/"),
        ("/srv/with blank\tand\\/inbox", "0:52", "fuse.sshfs", "/srv/with blank\tand\\"),
        ("/srv/bind/inbox", "254:0", "ext4", "/srv/bind"),
        ("/net/inbox", "0:54", "nfs4", "/net"),
        ("/auto/inbox", "0:59", "autofs", "/auto"),
        ("/merged/inbox", "0:57", "overlay", "/merged"),
    ],
)
def test_the_mount_of_a_folder(place: str, device: str, file_system: str, point: str) -> None:
    """The longest mount point above it counts, whole names only, blanks and all."""
    assert mount_in(TABLE, place, device) == Mount.of_type(file_system, point)


def test_a_mount_hidden_by_a_later_one_does_not_count() -> None:
    """It is still in the list, but the folder is on another device."""
    assert mount_in(TABLE, "/hidden/deep/inbox", "0:56").file_system == "tmpfs"


def test_a_file_system_may_give_other_devices_than_the_list() -> None:
    """Then the path alone decides, as for the subvolumes of btrfs."""
    assert mount_in(TABLE, "/pool/shop/inbox", "0:99").file_system == "btrfs"


@pytest.mark.parametrize("table", ["", "\n", "nonsense", "1 2 3 4\n", "1 2 0:1 / / rw - \n"])
def test_a_list_that_makes_no_sense_tells_nothing(table: str) -> None:
    """It is no reason to fail."""
    assert mount_in(table, "/srv", "0:1") == UNKNOWN


def test_odd_characters_do_not_break_the_list() -> None:
    """A mount point may hold what Python takes for the end of a line."""
    table = "1 2 0:1 / /odd\x0b\x85\u2028name rw - cifs x rw\n"
    assert mount_in(table, "/odd\x0b\x85\u2028name/inbox", "0:1").file_system == "cifs"


@pytest.mark.skipif(sys.platform != "linux", reason="about Linux' list of mounts")
def test_this_machine_tells_where_a_folder_lies(tmp_path: Path) -> None:
    """Also through a link."""
    (tmp_path / "link").symlink_to("/proc/self")
    assert mount_of(tmp_path / "link") == Mount("proc", Reach.LOCAL, "/proc")
    assert mount_of(tmp_path).file_system


def test_a_folder_that_is_not_there_lies_nowhere(tmp_path: Path) -> None:
    """It never raises."""
    assert mount_of(tmp_path / "gone") == UNKNOWN


@pytest.mark.skipif(sys.platform != "linux", reason="links need rights on Windows")
def test_links_that_lead_to_each_other_lie_nowhere(tmp_path: Path) -> None:
    """Likewise."""
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert mount_of(tmp_path / "a") == UNKNOWN


@with_unshare
def test_a_mount_is_seen_as_soon_as_it_is_there(tmp_path: Path) -> None:
    """On a real mount, in a list of mounts of its own."""
    outcome = subprocess.run(  # noqa: S603 - our own interpreter
        ["unshare", "-m", sys.executable, "-c", MOUNT_AND_ASK, str(tmp_path)],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    )
    assert outcome.stdout.strip() == str(Mount.of_type("tmpfs", str(tmp_path.resolve())))


@pytest.mark.parametrize(
    ("place", "drive"),
    [
        (r"C:\shop\inbox", "C:\\"),
        ("C:/shop/inbox", "C:\\"),
        (r"\\?\D:\shop\inbox", "D:\\"),
        (r"\\files.example.com\drop\inbox", None),
        (r"\\?\UNC\files.example.com\drop\inbox", None),
        (r"\\wsl.localhost\Ubuntu\srv\drop", None),
    ],
)
def test_the_drive_of_a_windows_path(place: str, drive: str | None) -> None:
    """A path to another machine has none."""
    assert drive_of(place) == drive


@pytest.mark.parametrize(
    ("drive", "kind", "reach"),
    [
        ("C:\\", 3, Reach.LOCAL),
        ("E:\\", 2, Reach.LOCAL),
        ("Z:\\", 4, Reach.NETWORK),
        (None, 0, Reach.NETWORK),
        ("Q:\\", 1, Reach.UNKNOWN),
    ],
)
def test_windows_drives_are_told_apart(drive: str | None, kind: int, reach: Reach) -> None:
    """A letter may stand for a share of another machine."""
    assert drive_mount(drive, kind).reach is reach
