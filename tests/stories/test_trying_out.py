"""Trying the product out without an account: ``demo``, ``sandbox`` and ``run --sandbox``."""

import re
from pathlib import Path

import requests

from tests.drops import contacts
from tests.processes import Home, Program, Report


def test_the_demo_shows_files_of_all_fates_and_where_their_reports_lie(tmp_path: Path) -> None:
    """Every report it names is there and says what the table says."""
    home = Home(tmp_path / "demo")
    with Program(home, "demo") as demo:
        assert demo.exit_code() == 0, demo.log
        printed = demo.printed
    reports = [Report.read(Path(line.strip())) for line in printed.splitlines() if ".json" in line]
    outcomes = {each.content["file"]["name"]: each.outcome for each in reports}
    assert outcomes == {
        "newsletter-subscribers.csv": "imported",
        "crm-export-with-bad-rows.csv": "partial",
        "old-shop-export.csv": "rejected",
        "all-customers.csv": "imported",
        "catalogue.csv": "imported",
        "spring-codes.csv": "imported",
    }
    for name, outcome in outcomes.items():
        assert re.search(rf"^{outcome} +\w+ +{re.escape(name)} ", printed, re.MULTILINE)
    assert max(each.content["totals"]["success"] for each in reports) >= 200_000


def test_the_sandbox_says_how_to_use_it_and_serves() -> None:
    """A client that takes url and key from what it prints is let in."""
    with Program(None, "sandbox", "--port", "0") as sandbox:
        sandbox.until(lambda: "Ctrl-C" in sandbox.printed)
        told = dict(re.findall(r"^ +(\w+)=(\S+)$", sandbox.printed, re.MULTILINE))
        answer = requests.get(
            f"{told['CONNECTIF_API_URL']}/imports/",
            headers={"Authorization": f"apiKey {told['CONNECTIF_API_KEY']}"},
            timeout=10,
        )
    assert answer.status_code == 200
    assert answer.json()["results"] == []


def test_run_with_a_sandbox_imports_what_is_dropped(home: Home) -> None:
    """No account and no settings are needed."""
    with Program(home, "run", "--sandbox") as agent:
        agent.until_watching()
        home.drop("contacts", "mine.csv", contacts(2))
        agent.until(lambda: home.reports)
    assert home.reports["mine.csv"].outcome == "imported"
