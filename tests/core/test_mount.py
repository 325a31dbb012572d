"""File systems are told apart by who writes to them."""

import pytest

from dropbox_agent.core.mount import FOREIGN, NETWORK, OWN_FUSE, UNKNOWN, Mount, Reach


@pytest.mark.parametrize(
    ("file_system", "reach"),
    [
        ("ext4", Reach.LOCAL),
        ("xfs", Reach.LOCAL),
        ("btrfs", Reach.LOCAL),
        ("tmpfs", Reach.LOCAL),
        ("overlay", Reach.LOCAL),
        ("fuseblk", Reach.LOCAL),
        ("fuse.fuse-overlayfs", Reach.LOCAL),
        ("nfs4", Reach.NETWORK),
        ("cifs", Reach.NETWORK),
        ("fuse.sshfs", Reach.NETWORK),
        ("9p", Reach.NETWORK),
        ("autofs", Reach.NETWORK),
        ("virtiofs", Reach.FOREIGN),
        ("vboxsf", Reach.FOREIGN),
        ("fuse.grpcfuse", Reach.FOREIGN),
        ("fuse", Reach.FOREIGN),
    ],
)
def test_a_type_tells_who_writes_there(file_system: str, reach: Reach) -> None:
    """What is not known to be shared is taken for local; what is announced will show."""
    mount = Mount.of_type(file_system, "/srv")
    assert mount.reach is reach
    assert mount.is_remote is (reach in {Reach.NETWORK, Reach.FOREIGN})


def test_no_type_is_classified_twice() -> None:
    """Each name stands in one table only."""
    assert not NETWORK & FOREIGN
    assert not OWN_FUSE & (NETWORK | FOREIGN)


@pytest.mark.parametrize(
    ("mount", "place"),
    [
        (Mount.of_type("cifs", "/srv"), "a network share (cifs)"),
        (Mount("", Reach.FOREIGN), "a folder that another system shares with this one"),
        (Mount("", Reach.NETWORK), "a network share"),
        (Mount.of_type("ext4", "/"), "a local disk (ext4)"),
        (UNKNOWN, "a file system of unknown kind"),
    ],
)  # fmt: skip
def test_it_is_told_in_words_for_people(mount: Mount, place: str) -> None:
    """With the operating system's word in brackets, where there is one."""
    assert mount.place == place
