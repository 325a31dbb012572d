"""Any error, told so that people can do something about it."""

import errno
import os

import pytest

from dropbox_agent.core.trouble import as_trouble
from dropbox_agent.errors import NoPermission


def test_what_was_made_for_people_stays_as_it_is() -> None:
    """It has its texts already."""
    error = NoPermission("The folder is closed.", hint="Open it.", code="no-folder")
    assert as_trouble(error) is error


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO, errno.EROFS])
def test_an_error_of_the_operating_system_is_told_in_its_own_words(number: int) -> None:
    """With the place, and what to look at."""
    trouble = as_trouble(OSError(number, os.strerror(number), "/home/shop/inbox"))
    assert trouble.code == "disk-trouble"
    assert os.strerror(number) in trouble.message
    assert "(/home/shop/inbox)" in trouble.message
    assert "room, rights and mounts" in trouble.hint


def test_rights_are_told_from_what_passes_by_itself() -> None:
    """A run that ends with it says so by its exit code."""
    codes = {
        number: as_trouble(OSError(number, os.strerror(number))).exit_code
        for number in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC)
    }
    assert codes == {errno.EACCES: 77, errno.EPERM: 77, errno.EROFS: 75, errno.ENOSPC: 75}


def test_an_error_of_the_operating_system_may_know_no_number_and_no_place() -> None:
    """Then its text has to do."""
    assert as_trouble(OSError("the copy differs")).message == (
        "The operating system says: the copy differs."
    )


def test_a_surprise_is_told_with_its_name() -> None:
    """Somebody has to report it."""
    error = KeyError("part")
    trouble = as_trouble(error)
    assert trouble.code == "unforeseen"
    assert "KeyError: 'part'" in trouble.message
    assert trouble.__cause__ is error
    assert trouble.exit_code == 75
