"""The list of safeguards is true: each is where it says, and so are its tests."""

import ast
import re

import pytest

from benchmarks.safeguards import REPOSITORY, Run, Safeguard, safeguards

LISTED = safeguards()

each_safeguard = pytest.mark.parametrize(
    "safeguard", LISTED, ids=[each.name.replace(" ", "-") for each in LISTED]
)


@each_safeguard
def test_a_safeguard_is_where_the_list_says(safeguard: Safeguard) -> None:
    """Its text is there exactly once, and without it the file is still a program, another one."""
    whole = (REPOSITORY / safeguard.file).read_text(encoding="utf-8")
    assert ast.dump(ast.parse(safeguard.taken_out_of(whole))) != ast.dump(ast.parse(whole))


@each_safeguard
def test_the_tests_of_a_safeguard_exist(safeguard: Safeguard) -> None:
    """A test that was renamed would make the list useless."""
    for test in safeguard.tests:
        file, _, name = test.partition("::")
        text = (REPOSITORY / file).read_text(encoding="utf-8")
        assert re.search(rf"^def {name.partition('[')[0]}\(", text, re.MULTILINE), test


def test_each_safeguard_has_a_name_of_its_own() -> None:
    """And there are tests for each."""
    assert len({each.name for each in LISTED}) == len(LISTED)
    assert all(each.tests for each in LISTED)


def test_a_safeguard_that_is_not_there_once_cannot_be_taken_out() -> None:
    """A text that has changed, or that has become ambiguous, is told of."""
    safeguard = Safeguard("a sync", "disk.py", "sync()", "pass", ("test_disk.py",))
    assert safeguard.taken_out_of("write()\nsync()\n") == "write()\npass\n"
    for text, times in (("write()\n", 0), ("sync()\nsync()\n", 2)):
        with pytest.raises(ValueError, match=f"disk.py has its text {times} times"):
            safeguard.taken_out_of(text)


def test_every_test_that_is_named_has_to_notice() -> None:
    """One example of it is enough; another test whose name begins alike does not count."""
    run = Run(1, ("a.py::test_one", "a.py::test_two[x]"), 1.0, "")
    assert run.unmoved(["a.py::test_one", "a.py::test_two"]) == []
    assert run.unmoved(["a.py::test_on", "a.py::test_two[y]"]) == [
        "a.py::test_on",
        "a.py::test_two[y]",
    ]
