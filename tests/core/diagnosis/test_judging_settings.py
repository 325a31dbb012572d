"""What is said of settings, of their file, and of paths."""

import pytest

from dropbox_agent.core.diagnosis import Verdict
from dropbox_agent.core.diagnosis.settings import (
    EnvFileRights,
    SettingsFacts,
    WrittenPath,
    of_paths,
    of_rights,
    of_settings,
)

FILE = "/srv/drop/agent.env"


def test_every_mistake_is_a_fault_of_its_own_with_what_to_write() -> None:
    """As elsewhere, all are told in one go."""
    facts = SettingsFacts(FILE, is_there=True, mistakes=(("a is wrong.", "a=1"), ("b.", "b=2")))
    found = list(of_settings(facts))
    assert [each.verdict for each in found] == [Verdict.FAULT] * 2
    assert [each.mend for each in found] == ["Write: a=1", "Write: b=2"]


def test_what_the_environment_overrules_is_told_without_its_value() -> None:
    """It may be the key."""
    facts = SettingsFacts(FILE, is_there=True, overruled=("CONNECTIF_API_KEY",))
    (found,) = of_settings(facts)
    assert found.verdict is Verdict.WARNING
    assert "CONNECTIF_API_KEY in the environment" in found.found


def test_a_byte_order_mark_does_no_harm_and_is_mentioned() -> None:
    """Other programs that read the file may stumble over it."""
    (found,) = of_settings(SettingsFacts(FILE, is_there=True, has_mark=True, written=3))
    assert found.verdict is Verdict.OK
    assert "byte-order mark" in found.found
    assert "3 settings" in found.found


def test_no_file_is_no_fault() -> None:
    """A container may have everything in its environment."""
    (found,) = of_settings(SettingsFacts(FILE, is_there=False))
    assert found.verdict is Verdict.OK


@pytest.mark.parametrize(
    ("mode", "has_key", "verdict"),
    [
        (0o600, True, Verdict.OK),
        (0o640, True, Verdict.OK),
        (0o644, True, Verdict.FAULT),
        (0o644, False, Verdict.OK),
        (0o660, True, Verdict.WARNING),
        (0o602, False, Verdict.FAULT),
        (None, True, Verdict.UNKNOWN),
    ],
)
def test_nobody_else_may_read_the_key_or_write_the_file(
    *, mode: int | None, has_key: bool, verdict: Verdict
) -> None:
    """The agent's group may read it."""
    found = of_rights(EnvFileRights(FILE, mode, has_key))
    assert found.verdict is verdict
    assert bool(found.mend) is (verdict is not Verdict.OK)


@pytest.mark.parametrize(
    ("written", "on_windows", "verdicts"),
    [
        ("/srv/drop/inbox", False, []),
        ("inbox", False, [Verdict.OK]),
        ("~/inbox", False, [Verdict.WARNING]),
        ("\\inbox", True, [Verdict.WARNING]),
        ("D:inbox", True, [Verdict.WARNING]),
        ("D:\\inbox", True, [Verdict.OK]),
        ("D:\\inbox", False, [Verdict.WARNING]),
        ("z:/inbox", False, [Verdict.WARNING]),
        ("\\\\server\\share", False, [Verdict.WARNING]),
        ("d:inbox", False, [Verdict.OK]),
        ("\\\\server\\share", True, [Verdict.OK]),
    ],
)
def test_paths_that_mean_something_else_to_others_are_told(
    *, written: str, on_windows: bool, verdicts: list[Verdict]
) -> None:
    """Relative ones start from the home, which is told; half ones depend on who starts it."""
    path = WrittenPath("AGENT_INBOX", written, "/srv/drop/inbox")
    assert [each.verdict for each in of_paths([path], on_windows=on_windows)] == verdicts
