"""The examples for services: README, Dockerfile and compose file say what the program does."""

import json
import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dropbox_agent.cli import group
from dropbox_agent.settings.credential import FOLDER, NAME
from dropbox_agent.settings.model import DEFAULTS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SERVICES = README.partition("## Running as a service\n")[2].partition("\n## ")[0]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")


def instructions(word: str) -> list[str]:
    """List what the Dockerfile says after an instruction."""
    return re.findall(rf"^{word} +(.*)$", DOCKERFILE, re.MULTILINE)


def is_understood(arguments: list[str]) -> bool:
    """Whether the program knows a command and all its options."""
    return CliRunner().invoke(group, [*arguments, "--help"]).exit_code == 0


def test_the_readme_shows_how_to_run_it_everywhere() -> None:
    """That its commands are understood, tests/docs sees."""
    for heading in ("### Linux", "### Windows", "### Container", "### Monitoring"):
        assert heading in SERVICES


def test_what_the_image_is_built_from_is_there_and_gets_to_the_builder() -> None:
    """Everything else is kept from it, above all keys and files of senders."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = {line[1:] for line in ignored if line.startswith("!")}
    assert "*" in ignored
    own = [each for each in instructions("COPY") if not each.startswith("--from")]
    needed = {name for line in own for name in line.split()[:-1]}
    assert needed == let_through
    assert all((ROOT / name).exists() for name in needed)
    assert not any(fnmatch("agent.env", each) for each in let_through)


def test_the_image_runs_the_agent_as_an_ordinary_user() -> None:
    """With commands that the program knows; the health check asks only what a restart mends."""
    assert instructions("USER") == ["agent"]
    assert json.loads(instructions("ENTRYPOINT")[0]) == ["dropbox-agent"]
    assert is_understood(json.loads(instructions("CMD")[-1]))
    _, _, check = instructions("HEALTHCHECK")[0].partition("CMD ")
    assert json.loads(check) == ["dropbox-agent", "status", "--check", "--alive"]
    assert is_understood(json.loads(check)[1:])


def test_the_image_has_one_volume_and_the_agent_works_in_it() -> None:
    """Files cannot be renamed from one volume to another."""
    assert instructions("VOLUME") == ["/drop"]
    assert "AGENT_HOME=/drop" in instructions("ENV")[0]
    assert f"{FOLDER}=/run/secrets" in instructions("ENV")[0]


@pytest.fixture
def compose() -> Any:  # noqa: ANN401 - YAML
    """Read the compose file."""
    yaml = pytest.importorskip("yaml", reason="needs PyYAML")
    return yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def test_both_containers_share_one_volume_and_one_group(compose: Any) -> None:  # noqa: ANN401 - YAML
    """The server writes where the agent looks, as a group that it belongs to."""
    agent, sftp = compose["services"]["agent"], compose["services"]["sftp"]
    assert agent["volumes"] == ["drop:/drop"]
    shared = next(each for each in sftp["volumes"] if isinstance(each, dict))
    assert (shared["source"], shared["volume"]["subpath"]) == ("drop", "inbox")
    _, _, _, gid = sftp["command"][0].split(":")
    assert f"--gid {gid} senders" in DOCKERFILE


def test_what_the_compose_file_names_is_known(compose: Any) -> None:  # noqa: ANN401 - YAML
    """Settings, the secret, volumes and services."""
    services = compose["services"]
    assert set(services["agent"]["environment"]) <= DEFAULTS.keys()
    assert services["agent"]["secrets"] == [NAME] == list(compose["secrets"])
    assert all(each in services for one in services.values() for each in one.get("depends_on", ()))
    assert set(compose["volumes"]) == {"drop", "sftp-keys"}


def test_the_container_may_take_as_long_to_stop_as_the_agent_may(compose: Any) -> None:  # noqa: ANN401 - YAML
    """More than one silence of the server."""
    least = float(DEFAULTS["AGENT_READ_TIMEOUT_SECONDS"]) + float(DEFAULTS["AGENT_STOP_SECONDS"])
    grace = compose["services"]["agent"]["stop_grace_period"]
    assert float(grace.removesuffix("s")) > least
