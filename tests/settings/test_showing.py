"""Tests for what people read about the settings."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from dropbox_agent.settings import read_settings, settings_table, settings_template
from dropbox_agent.settings.model import DEFAULTS, MEANINGS
from dropbox_agent.settings.showing import HEADINGS

ROOT = Path(__file__).parents[2]


def test_the_example_in_the_repository_is_the_template() -> None:
    """Made by: python -m dropbox_agent.settings template > agent.env.example."""
    assert (ROOT / "agent.env.example").read_text(encoding="utf-8") == settings_template()


def test_the_table_in_the_readme_is_up_to_date() -> None:
    """Made by: python -m dropbox_agent.settings."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- settings -->\n(.*?)<!-- /settings -->", readme, re.DOTALL)
    assert found is not None
    assert found[1].strip() == settings_table().strip()


def test_the_template_changes_nothing(tmp_path: Path) -> None:
    """A new agent.env, as it is, leaves every default in place."""
    (tmp_path / "agent.env").write_text(settings_template(), encoding="utf-8")
    assert read_settings(tmp_path, {}) == read_settings(tmp_path, {})


def test_every_default_shown_is_one_that_may_be_written(tmp_path: Path) -> None:
    """With every # removed, the template means the same."""
    written = re.sub(r"^#(?=[A-Z_]+=)", "", settings_template(), flags=re.MULTILINE)
    assert written.count("\nAGENT_") > 20
    (tmp_path / "agent.env").write_text(written, encoding="utf-8")
    with_file = read_settings(tmp_path, {})
    (tmp_path / "agent.env").unlink()
    assert with_file == read_settings(tmp_path, {})


def test_every_setting_has_a_meaning_and_belongs_to_us() -> None:
    """No setting is without a sentence, and every heading stands before a setting."""
    assert all(meaning.strip().endswith(".") for meaning in MEANINGS.values())
    assert set(HEADINGS) <= set(DEFAULTS)
    assert all(
        name.startswith(("AGENT_", "CONNECTIF_", "CONTACTS_", "PRODUCTS_", "VOUCHERS_"))
        for name in DEFAULTS
    )


@pytest.mark.parametrize(
    ("words", "show"), [([], settings_table), (["template"], settings_template)]
)
def test_the_command_prints_what_the_documentation_holds(words: list[str], show: object) -> None:
    """The command that the documentation is made with prints table or template."""
    assert callable(show)
    printed = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "dropbox_agent.settings", *words],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert printed.stdout == show()
