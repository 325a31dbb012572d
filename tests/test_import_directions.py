"""Imports point one way: cli -> wiring -> agent, adapters, settings -> core -> errors.

Beside the wiring, the inspection puts together what is to be seen of a home from outside.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "dropbox_agent"
ROOT = Path(__file__).parents[1] / PACKAGE

MAY_IMPORT: dict[str, set[str]] = {
    "__init__": set(),
    "__main__": {"cli"},
    "cli": {
        "__version__", "wiring", "inspection", "retrying", "folders", "agent", "adapters",
        "settings", "sandbox", "service", "core", "errors",
    },
    "wiring": {
        "__version__", "access", "folders", "outlets", "payload_checker", "tidying", "agent",
        "adapters", "settings", "core", "errors",
    },
    "tidying": {"folders", "adapters", "settings", "core"},
    "outlets": {"__version__", "folders", "agent", "adapters", "settings", "core", "errors"},
    "inspection": {"access", "folders", "adapters", "settings", "core", "errors"},
    "access": {"__version__", "adapters", "settings"},
    "folders": {"adapters", "settings", "core", "errors"},
    "agent": {"core", "errors"},
    "adapters": {"core", "errors"},
    "payload_checker": {"adapters", "core", "errors"},
    "retrying": {"adapters", "settings", "core", "errors"},
    "settings": {"core", "errors"},
    "sandbox": {"core.kind", "errors"},
    "service": {"errors"},
    "core": {"errors"},
    "errors": set(),
}  # fmt: skip
"""What each part of the program may import of the others; of itself always, unless it is one of
the ``adapters``, which never import each other."""

CORE_NEEDS = {
    "array", "codecs", "collections", "contextlib", "csv", "dataclasses", "datetime", "difflib",
    "encodings", "enum", "fnmatch", "functools", "hashlib", "heapq", "io", "itertools", "math",
    "operator", "re", "statistics", "tomllib", "typing", "unicodedata", "zipfile", "zlib",
}  # fmt: skip
"""All of the standard library that core and errors may import: nothing that knows a disk, a
network, a clock, a thread, a process or chance. ``io`` and ``zipfile`` are for bytes in memory."""

CORE_LEAVES_ALONE = {
    "open", "print", "input", "exec", "eval", "__import__", "io.open", "io.FileIO",
    "date.today", "datetime.now", "datetime.today", "datetime.utcnow",
}  # fmt: skip
"""Ways to the outside world for which nothing more need be imported."""

HOME_OF: dict[str, tuple[str, ...]] = {
    "apprise": ("adapters.messenger",),
    "charset_normalizer": ("core.encoding.guessing",),
    "click": ("cli",),
    "dotenv": ("settings",),
    "filelock": ("adapters.lock",),
    "loguru": ("adapters.log_witness", "adapters.logs", "cli"),
    "prometheus_client": ("adapters.metrics",),
    "pydantic": ("adapters.journal", "cli", "settings"),
    "requests": ("adapters.import_api",),
    "rich": ("cli",),
    "sqlite3": ("adapters.journal",),
    "urllib3": ("adapters.import_api",),
    "watchdog": ("adapters.watcher",),
    "werkzeug": ("sandbox",),
}
"""Where each foreign package is at home; SQLite is in the standard library, but as foreign."""


def imports(source: str, module: str) -> Iterator[str]:
    """List what a module imports, anywhere in it, by its full dotted name.

    Args:
        source: The module's text.
        module: Its own dotted name; that of a package ends with ``__init__``.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            whole = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{whole}.{alias.name}" for alias in node.names)


def part_of(name: str) -> str:
    """Name the part that a module belongs to; each adapter is a part of its own."""
    part, *inner = name.split(".")[1:] or ["__init__"]
    return f"{part}.{inner[0]}" if part == "adapters" and inner else part


def layer_of(name: str) -> str:
    """Name the layer that a module belongs to."""
    return name.split(".")[1]


def is_within(name: str, *places: str) -> bool:
    """Whether a dotted name is one of these places, or inside one."""
    return any(name == place or name.startswith(f"{place}.") for place in places)


def wrong_arrow(module: str, name: str) -> str | None:
    """Say what is wrong with importing something of ours; None if it may be."""
    own, inside = part_of(module), name.removeprefix(f"{PACKAGE}.")
    if part_of(name) == own or is_within(inside, *MAY_IMPORT[layer_of(module)]):
        return None
    return f"{module} imports {name}: no arrow leads from {own} to {part_of(name)}"


def wrong_foreigner(module: str, name: str) -> str | None:
    """Say what is wrong with importing something that is not ours; None if it may be."""
    foreign, *_ = name.split(".")
    if homes := HOME_OF.get(foreign):
        at_home = is_within(module.removeprefix(f"{PACKAGE}."), *homes)
        return None if at_home else f"{module} imports {foreign}, at home in {', '.join(homes)}"
    if foreign not in sys.stdlib_module_names:
        return f"{module} imports {foreign}, which has no home yet: give it one in HOME_OF"
    if layer_of(module) in {"core", "errors"} and foreign not in CORE_NEEDS:
        return f"{module} imports {foreign}: {layer_of(module)} leaves the world to others"
    return None


def wrong_uses(source: str, module: str) -> Iterator[str]:
    """Say where a module of the core turns to the world without importing anything for it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name | ast.Attribute):
            name = ast.unparse(node)
            if {name, name.removeprefix("datetime.")} & CORE_LEAVES_ALONE:
                yield f"{module} uses {name}, line {node.lineno}: core leaves the world to others"


def faults(source: str, module: str) -> list[str]:
    """Say all that is wrong with what a module imports and uses, each in a sentence."""
    if layer_of(module) not in MAY_IMPORT:
        return [f"{module} belongs to no part in MAY_IMPORT: give it its place there"]
    judged = (
        wrong_arrow(module, name) if is_within(name, PACKAGE) else wrong_foreigner(module, name)
        for name in imports(source, module)
    )
    uses = wrong_uses(source, module) if layer_of(module) == "core" else ()
    return [*filter(None, judged), *uses]


def modules() -> dict[str, Path]:
    """Find every module of the package, by its dotted name."""
    return {
        ".".join([PACKAGE, *path.relative_to(ROOT).with_suffix("").parts]): path
        for path in sorted(ROOT.rglob("*.py"))
    }


@pytest.mark.parametrize("module", modules())
def test_imports_point_one_way(module: str) -> None:
    """A module knows only what lies below it."""
    assert faults(modules()[module].read_text(encoding="utf-8"), module) == []


def test_no_part_is_without_modules() -> None:
    """A rule about something that is gone would be read in vain."""
    assert set(MAY_IMPORT) == {layer_of(module) for module in modules()}


@pytest.mark.parametrize(
    ("module", "source", "fault"),
    [
        ("core.judging", "import dropbox_agent.agent.board", "no arrow leads from core to agent"),
        ("core.judging", "import dropbox_agent", "no arrow leads from core to __init__"),
        ("core.judging", "from dropbox_agent import cli", "no arrow leads from core to cli"),
        ("core.judging", "from ..settings import Settings", "no arrow leads from core to settings"),
        ("core.checking.__init__", "from ...wiring import x", "no arrow leads from core to wiring"),
        (
            "errors",
            "from dropbox_agent.core.kind import Kind",
            "no arrow leads from errors to core",
        ),
        ("agent.board", "from dropbox_agent import settings", "from agent to settings"),
        ("agent.board", "from dropbox_agent.adapters.bell import Bell", "to adapters.bell"),
        ("settings.model", "import dropbox_agent.adapters", "from settings to adapters"),
        ("wiring", "from dropbox_agent.cli import main", "no arrow leads from wiring to cli"),
        ("wiring", "from dropbox_agent.sandbox import Sandbox", "from wiring to sandbox"),
        (
            "adapters.journal",
            "from dropbox_agent.adapters.spool.disk import Disk",
            "no arrow leads from adapters.journal to adapters.spool",
        ),
        ("adapters.spool.disk", "from ..clock import SystemClock", "to adapters.clock"),
        ("sandbox.api", "from dropbox_agent.core.imports import Status", "from sandbox to core"),
        ("core.terms", "import pydantic", "pydantic, at home in adapters.journal, cli, settings"),
        ("core.terms", "def f():\n    import sqlite3", "sqlite3, at home in adapters.journal"),
        ("core.terms", "import numpy.linalg", "numpy, which has no home yet"),
        ("core.terms", "from os.path import join", "imports os: core leaves the world to others"),
        ("core.terms", "import time", "imports time: core leaves the world to others"),
        (
            "core.terms",
            "from threading import Lock",
            "imports threading: core leaves the world to others",
        ),
        (
            "core.terms",
            "from pathlib import Path",
            "imports pathlib: core leaves the world to others",
        ),
        ("errors", "import logging", "imports logging: errors leaves the world"),
        ("core.terms", "x = open('f')", "uses open, line 1"),
        ("core.terms", "import io\nx = io.open('f')", "uses io.open, line 2"),
        ("core.terms", "\nat = datetime.now(UTC)", "uses datetime.now, line 2"),
        ("core.terms", "import datetime\nat = datetime.date.today()", "uses datetime.date.today"),
        ("tools.handy", "import re", "belongs to no part"),
    ],
)
def test_an_arrow_that_turns_round_is_told_in_a_sentence(
    module: str, source: str, fault: str
) -> None:
    """It names the module and what it should not know."""
    (told,) = faults(source, f"{PACKAGE}.{module}")
    assert told.startswith(f"{PACKAGE}.{module} ")
    assert fault in told


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core.terms", "from dropbox_agent.core.job import Reason\nimport re, csv"),
        ("core.terms", "from dropbox_agent.errors import AgentError\nat = self._clock.now()"),
        ("core.checking.__init__", "from .source import Source"),
        ("adapters.spool.spool", "from dropbox_agent.adapters.spool.disk import Disk\nimport os"),
        ("adapters.spool.__init__", "from .disk import Disk"),
        ("adapters.import_api.transport", "import requests"),
        ("sandbox.world", "from dropbox_agent.core.kind import Kind\nimport werkzeug"),
        ("cli.run", "from dropbox_agent import __version__\nimport click"),
        ("wiring", "import dropbox_agent.adapters.bell"),
    ],
)
def test_arrows_that_point_down_are_let_be(module: str, source: str) -> None:
    """Also those inside one part."""
    assert faults(source, f"{PACKAGE}.{module}") == []
