"""The page on all rules is complete, up to date, and about rules that are really used."""

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dropbox_agent.core import checking
from dropbox_agent.core.checking.page import effect, rules_page, shown_rule_text
from dropbox_agent.core.checking.rule import Cell, Rule
from dropbox_agent.core.checking.rulebook import all_rules
from tests.exports import exports

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "checks.md"


def rules_in_the_package() -> set[Rule]:
    """Find every rule that a module of checking defines, in cells as well."""
    found: set[Rule] = set()
    for module in pkgutil.iter_modules(checking.__path__, f"{checking.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            found |= {value} if isinstance(value, Rule) else set()
            found |= {value.rule} if isinstance(value, Cell) else set()
    return found


def test_the_page_is_up_to_date() -> None:
    """Made by: python -m dropbox_agent.cli.rules_page > docs/checks.md."""
    assert PAGE.read_text(encoding="utf-8") == rules_page()


def test_the_command_prints_the_page() -> None:
    """The one that the page is made with."""
    printed = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "dropbox_agent.cli.rules_page"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert printed.stdout == rules_page()


def test_the_list_of_rules_is_complete() -> None:
    """No rule is defined that the list does not have."""
    codes = {rule.code for rule in all_rules()}
    assert {rule.code for rule in rules_in_the_package()} - codes == set()


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_the_page_has_every_rule(rule: Rule) -> None:
    """With its message, its hint, its effect and its source."""
    lines = [line for line in rules_page().splitlines() if line.startswith(f"| `{rule.code}` |")]
    texts = (shown_rule_text(rule.message), shown_rule_text(rule.hint), effect(rule))
    assert any(all(text in line for text in texts) for line in lines)


def test_every_code_has_a_case() -> None:
    """In the corpus, or by its name in another test."""
    used = {issue.split(":")[0] for export in exports() for issue in export.issues}
    tests = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")
    )
    named = set(re.findall(r"\"([a-z0-9]+(?:-[a-z0-9]+)+)\"", tests))
    assert {rule.code for rule in all_rules()} - used - named == set()


def test_the_readme_leads_to_the_page() -> None:
    """So that people find it."""
    assert "(docs/checks.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
