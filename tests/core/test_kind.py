"""The three kinds of files."""

from dropbox_agent.core.kind import Kind


def test_kinds_are_named_as_their_inbox_folders() -> None:
    """People read these words as names of folders."""
    assert [str(kind) for kind in Kind] == ["contacts", "products", "vouchers"]
