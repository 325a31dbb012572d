"""On what kind of file system a folder lies, and whether arrivals there are announced to us."""

from dataclasses import dataclass
from enum import StrEnum

NETWORK = frozenset({
    "9p", "acfs", "afs", "autofs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.blobfuse",
    "fuse.blobfuse2", "fuse.ceph-fuse", "fuse.curlftpfs", "fuse.davfs", "fuse.davfs2",
    "fuse.gcsfuse", "fuse.glusterfs", "fuse.goofys", "fuse.gvfsd-fuse", "fuse.juicefs", "fuse.mfs",
    "fuse.moosefs", "fuse.mount-s3", "fuse.rclone", "fuse.s3fs", "fuse.seaweedfs", "fuse.sshfs",
    "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "pvfs2",
    "smb2", "smb3", "smbfs",
})  # fmt: skip
"""Types of file systems that other machines write to. ``autofs`` is one that is mounted on demand
and is not there yet."""

FOREIGN = frozenset({
    "drvfs", "fakeowner", "osxfs", "prl_fs", "vboxsf", "virtiofs", "vmhgfs",
})  # fmt: skip
"""Types by which a container or virtual machine sees the folders of its host."""

OWN_FUSE = frozenset({
    "fuse.encfs", "fuse.exfat", "fuse.fuse-overlayfs", "fuse.gocryptfs", "fuse.ntfs",
    "fuse.ntfs-3g", "fuseblk",
})  # fmt: skip
"""File systems run by a program of ours, of which all writers are on this machine."""


class Reach(StrEnum):
    """Who writes to a file system."""

    LOCAL = "local"
    """Only programs on this machine: each arrival is announced to us."""

    NETWORK = "network"
    """Other machines too: what they put there is not announced here."""

    FOREIGN = "foreign"
    """The host of a container or virtual machine, or some program: likewise."""

    UNKNOWN = "unknown"
    """It cannot be told; what is announced will show."""


@dataclass(frozen=True, slots=True)
class Mount:
    """The file system that a folder lies on.

    Attributes:
        file_system: Its type in the operating system's words, such as ``cifs``; empty if unknown.
        reach: Who writes to it.
        point: Where it is mounted; empty if unknown.
    """

    file_system: str = ""
    reach: Reach = Reach.UNKNOWN
    point: str = ""

    @classmethod
    def of_type(cls, file_system: str, point: str) -> "Mount":
        """Classify a file system by the name that Linux has for its type."""
        return cls(file_system, _reach(file_system), point)

    @property
    def is_remote(self) -> bool:
        """Whether others write there without our operating system knowing of it."""
        return self.reach in {Reach.NETWORK, Reach.FOREIGN}

    @property
    def place(self) -> str:
        """What kind of place it is, in words for people."""
        words = {
            Reach.LOCAL: "a local disk",
            Reach.NETWORK: "a network share",
            Reach.FOREIGN: "a folder that another system shares with this one",
            Reach.UNKNOWN: "a file system of unknown kind",
        }[self.reach]
        return f"{words} ({self.file_system})" if self.file_system else words


UNKNOWN = Mount()
"""What nothing is known of."""


def _reach(file_system: str) -> Reach:
    if file_system in NETWORK:
        return Reach.NETWORK
    if file_system in FOREIGN:
        return Reach.FOREIGN
    if file_system.startswith("fuse") and file_system not in OWN_FUSE:
        return Reach.FOREIGN
    return Reach.LOCAL
