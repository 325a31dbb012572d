"""``once`` with a file whose transfer died."""

import pytest

from dropbox_agent.sandbox import Sandbox
from tests.cli.conftest import Command
from tests.drops import contacts
from tests.processes import UNHURRIED, Home, account


@pytest.mark.parametrize("end", [b"liv@exam", b'liv@example.com,"Li'])
def test_it_waits_for_the_rest_and_then_rejects_the_file(
    home: Home, command: Command, end: bytes
) -> None:
    """The other files of the run are imported; nothing of that one is."""
    content = contacts(3) + end
    home.drop("contacts", "broken.csv", content)
    home.drop("contacts", "whole.csv", contacts(2))
    with Sandbox(UNHURRIED) as sandbox:
        told = command("once", "--home", home.path, **account(sandbox))
        assert len(sandbox.imports) == 1
    assert told.exit_code == 1
    assert home.reports["whole.csv"].outcome == "imported"
    report = home.reports["broken.csv"]
    assert (report.folder, report.payload) == ("failed/contacts", content)
    assert f"byte {len(content)}" in report.content["reason"]["message"]
    assert f"byte {len(content)}" in " ".join(told.out.split())
