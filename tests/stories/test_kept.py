"""What need not be kept goes at the end of a run; what people ask of it is still answered."""

from dropbox_agent.sandbox import Sandbox
from tests.drops import contacts
from tests.processes import UNHURRIED, Home, Program, account


def test_once_keeps_as_much_as_is_wanted_and_explain_still_knows(home: Home) -> None:
    """The newest file stays, the reports do, and the log says what went."""
    for name in ("a.csv", "b.csv", "c.csv"):
        home.drop("contacts", name, contacts(2, name=name))
    with Sandbox(UNHURRIED) as sandbox:
        settings = account(sandbox) | {"AGENT_KEEP_FILES": "1 kB", "AGENT_ORDER": "ordered"}
        home.drop("contacts", "large.csv", contacts(30))
        with Program(home, "once", settings=settings) as agent:
            assert agent.exit_code() == 0
            assert "as AGENT_KEEP_FILES says" in agent.log
    archive = home.path / "processed" / "contacts"
    kept = [each for each in archive.iterdir() if each.suffix == ".csv"]
    assert sum(each.stat().st_size for each in kept) <= 1_000 or len(kept) == 1
    assert len(list(archive.glob("*.report.json"))) == 4
    gone = next(name for name in ("a", "b", "large") if not list(archive.glob(f"*-{name}.csv")))
    with Program(home, "explain", f"{gone}.csv") as explain:
        assert explain.exit_code() == 0
        assert "as AGENT_KEEP_FILES says" in explain.printed.replace("\n", " ")
