"""The pages for administrators agree with the program: commands, settings, codes, links, paths."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest
from click.testing import CliRunner

from dropbox_agent import errors
from dropbox_agent.cli import COMMANDS, EPILOG, SURPRISE, group
from dropbox_agent.cli.man_page import inner_contexts
from dropbox_agent.settings import read_settings
from dropbox_agent.settings.model import DEFAULTS
from dropbox_agent.settings.reading import OUR_PREFIXES
from tests.pages import PAGES, ROOT, Page

README: Final = PAGES[0]
SHELLS: Final = ("sh", "bat", "console")
CALL: Final = re.compile(r"^(?:sudo +|\w+=\S* +)*(?:\S*[/\\])?dropbox-agent +(.*)$")
IN_CONTAINER: Final = re.compile(r"^docker .* dropbox-agent +(\w.*)$")
SETTING: Final = re.compile(rf"\b(?:{'|'.join(OUR_PREFIXES)})[A-Z_]*[A-Z]\b")
OPTION: Final = re.compile(r"--[a-z][a-z-]+")
EXIT_CODES: Final = re.compile(r"^\| code \| meaning \|\n\|[-|]+\|\n((?:\|.*\n)+)", re.MULTILINE)
REPOSITORY: Final = re.compile(r"(?:\.ci|\.github|benchmarks|docs|dropbox_agent|tests)/[\w./-]*")

HOOKS: Final = (ROOT / "dropbox_agent" / "adapters" / "hooks" / "hooks.py").read_text("utf-8")
NO_SETTINGS: Final = {"AGENT_HOME", *re.findall(r'"(AGENT_[A-Z]+)"', HOOKS)}
"""What looks like a setting and is an option, or what hooks find in their environment."""

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def calls(page: Page) -> Iterator[str]:
    """List what stands behind ``dropbox-agent`` in blocks for shells and in backticks."""
    shells = "".join(each.text for each in page.blocks if each.language in SHELLS)
    lines = shells.replace("\\\n", " ").splitlines()
    for line in (*lines, *page.codes):
        for command in re.split(r"&&|\|\|?|;", line.partition(" #")[0]):
            found = CALL.match(command.strip()) or IN_CONTAINER.match(command.strip())
            if found and not found[1].startswith("COMMAND"):
                yield found[1].strip()


CALLS: Final = sorted({(page.name, call) for page in PAGES for call in calls(page)})


CONTEXT: Final = click.Context(group, info_name="dropbox-agent")


def commands_in(context: click.Context) -> dict[str, click.Context]:
    """List the commands of a group by their names; none for what is no group."""
    if not isinstance(context.command, click.Group):
        return {}
    return {str(each.info_name): each for each in inner_contexts(context.command, context)}


def misunderstood(arguments: list[str]) -> str | None:
    """Say what the program does not understand of a call; nothing is carried out."""
    context = CONTEXT
    path = []
    while arguments and (inner := commands_in(context).get(arguments[0])):
        path.append(arguments.pop(0))
        context = inner
    if isinstance(context.command, click.Group) and arguments and not arguments[0].startswith("-"):
        return f"there is no command {arguments[0]}"
    told = CliRunner().invoke(group, [*path, "--help", *arguments])
    names_only = arguments and f"Option '{arguments[-1]}' requires an argument" in told.output
    return None if told.exit_code == 0 or names_only else told.output


@pytest.mark.parametrize(("page", "call"), CALLS, ids=lambda value: value)
def test_every_command_is_understood(page: str, call: str) -> None:
    """With all its options."""
    words = shlex.split(call, posix="\\" not in call)
    assert misunderstood([word for word in words if word != "..."]) is None, page


def test_what_is_not_understood_is_found() -> None:
    """Else the test above would say nothing."""
    assert len(CALLS) > 30
    assert misunderstood(["rnu"])
    assert misunderstood(["service", "instal"])
    assert misunderstood(["run", "--no-such-option"])
    assert misunderstood(["service", "install", "--instance"]) is None


def options_of(context: click.Context) -> Iterator[str]:
    """List all options of a command, and of those below it."""
    for each in context.command.params:
        yield from (*each.opts, *each.secondary_opts)
    for inner in commands_in(context).values():
        yield from options_of(inner)


@each_page
def test_every_option_is_one_of_some_command(page: Page) -> None:
    """Where only the option is named."""
    known = {*options_of(CONTEXT), "--help"}
    named = {option for code in page.codes for option in OPTION.findall(code.split(" ")[0])}
    assert named - known == set()


def test_every_command_is_in_the_table() -> None:
    """And no other."""
    section = README.text.partition("\n## Commands\n")[2].partition("\n### ")[0]
    assert set(re.findall(r"^\| `dropbox-agent (\w+)", section, re.MULTILINE)) == set(COMMANDS)


@each_page
def test_every_setting_is_known(page: Page) -> None:
    """By its full name."""
    assert set(SETTING.findall(page.text)) - DEFAULTS.keys() - NO_SETTINGS == set()


@each_page
def test_every_example_of_settings_is_accepted(page: Page, tmp_path: Path) -> None:
    """As lines of ``agent.env``."""
    for block in page.blocks:
        if block.text.startswith("# agent.env\n"):
            (tmp_path / "agent.env").write_text(block.text, encoding="utf-8")
            assert not read_settings(tmp_path, {}).doubts


@each_page
def test_every_link_within_the_repository_leads_somewhere(page: Page) -> None:
    """To a file, and there to a heading."""
    for link in page.links:
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.path.parent / path).resolve() if path else page.path
        assert target.exists(), link
        assert not anchor or anchor in Page(target).anchors, link


@each_page
def test_every_path_of_the_repository_is_there(page: Page) -> None:
    """In backticks, and in blocks for shells."""
    shells = " ".join(each.text for each in page.blocks if each.language in SHELLS)
    words = {word for text in (*page.codes, shells) for word in text.split()}
    for word in words:
        if REPOSITORY.fullmatch(word):
            assert (ROOT / word).exists(), word
        elif re.fullmatch(r"\w+\.py", word):
            assert (ROOT / "dropbox_agent" / word).exists(), word


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.name)
def test_the_readme_leads_to_every_page(page: Page) -> None:
    """So that people find it."""
    assert page.name in {link.partition("#")[0] for link in README.links}


def exit_codes() -> dict[str, str]:
    """Read the exit codes and their meanings, as ``--help`` tells them."""
    lines = re.sub(r"\n {5,}", " ", EPILOG).splitlines()
    found = (re.match(r" +(\d+) +(.*)", line) for line in lines)
    return {each[1]: each[2] for each in found if each}


@each_page
def test_every_table_of_exit_codes_is_that_of_the_help(page: Page) -> None:
    """Word for word."""
    for table in EXIT_CODES.findall(page.text):
        rows = (row.strip("| ").split(" | ", 1) for row in table.splitlines())
        assert dict(rows) == exit_codes()


def test_the_readme_has_the_exit_codes() -> None:
    """All that errors can lead to."""
    assert "| code | meaning |" in README.text
    kinds = [each for each in vars(errors).values() if isinstance(each, type)]
    codes = {str(each.exit_code) for each in kinds if hasattr(each, "exit_code")}
    assert {*codes, "0", "1", "2", str(SURPRISE)} == exit_codes().keys()


@each_page
def test_every_exit_code_in_the_prose_exists(page: Page) -> None:
    """Where a page speaks of what a command ends with."""
    named = re.findall(r"[Ee]xit codes? (\d+)|ends? with (\d+)\b", page.prose)
    assert {one or other for one, other in named} - exit_codes().keys() == set()
