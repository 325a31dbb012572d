"""The manual page has every command, option and setting, is up to date, and is read by ``man``."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator

import click
import pytest

from dropbox_agent.cli import group
from dropbox_agent.cli.man_page import inner_contexts, man_page, roff
from dropbox_agent.core.job import Outcome
from dropbox_agent.settings.model import DEFAULTS
from tests.pages import ROOT
from tests.programs import run

PAGE = ROOT / "docs" / "dropbox-agent.1"


def commands(context: click.Context) -> Iterator[click.Context]:
    """List a command, and all those below it."""
    yield context
    if isinstance(context.command, click.Group):
        for inner in inner_contexts(context.command, context):
            yield from commands(inner)


ROOT_CONTEXT = click.Context(group, info_name="dropbox-agent", **group.context_settings)
COMMANDS = list(commands(ROOT_CONTEXT))


def test_the_page_is_up_to_date() -> None:
    """Made by: python -m dropbox_agent.cli.man_page > docs/dropbox-agent.1."""
    assert PAGE.read_text(encoding="utf-8") == man_page()


def test_the_command_prints_the_page() -> None:
    """The one that the page is made with."""
    printed = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "dropbox_agent.cli.man_page"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert printed.stdout == man_page()


@pytest.mark.parametrize("context", COMMANDS, ids=lambda each: each.command_path)
def test_the_page_has_every_command_with_its_options(context: click.Context) -> None:
    """All that its help has."""
    page = man_page()
    if context.parent:
        start = f".SS {roff(context.command_path)} "
        assert start in page
        page = page.partition(start)[2].partition(f"\n.SS {roff('dropbox-agent')}")[0]
    for each in context.command.params:
        assert isinstance(each, click.Argument) or f"\n.B {roff(each.opts[0])}" in page


def test_the_page_has_every_setting_and_every_outcome() -> None:
    """By its name."""
    for name in (*DEFAULTS, *Outcome):
        assert f"\n.B {roff(name)}\n" in man_page()


@pytest.mark.parametrize(
    "text", [".TH is a request", "'br as well", "C:\\drop", "a--b", "`as it is`", "one\n.two"]
)
def test_a_text_stays_as_it_is(text: str) -> None:
    """Whatever it begins with or holds."""
    printed = run("groff", "-Tascii", typed=f".nf\n.pl 1\n{roff(text)}\n")
    assert printed.strip() == text


def test_man_shows_the_page_without_a_warning() -> None:
    """With all warnings there are."""
    assert run("groff", "-ww", "-z", "-man", "-Tutf8", str(PAGE)) == ""
    shown = run("man", "--warnings", "--local-file", str(PAGE), env={"MANWIDTH": "80"})
    assert shown.startswith("DROPBOX-AGENT(1)")
    assert max(map(len, shown.splitlines())) < 100


def test_the_wheel_installs_the_page() -> None:
    """Where ``man`` looks for it."""
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = built["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["shared-data"] == {
        PAGE.relative_to(ROOT).as_posix(): "share/man/man1/dropbox-agent.1"
    }
