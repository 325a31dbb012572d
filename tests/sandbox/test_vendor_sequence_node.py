"""A real Node client with the packages that the vendor's sample uses, against the sandbox."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from dropbox_agent.sandbox import Sandbox, SandboxOptions

SCRIPT = Path(__file__).with_name("vendor_sequence.js")
PACKAGES = ("node-fetch", "form-data")


@pytest.fixture
def node() -> str:
    """Find node, or skip and say what to install."""
    program = shutil.which("node")
    folders = [Path(each) for each in os.environ.get("NODE_PATH", "").split(os.pathsep) if each]
    there = all(any((folder / name).is_dir() for folder in folders) for name in PACKAGES)
    if program is None or not there:
        pytest.skip(
            "needs Node.js and its packages: npm install --prefix DIR node-fetch@2 form-data, "
            "then set NODE_PATH=DIR/node_modules"
        )
    return program


def run_client(
    node: str, sandbox: Sandbox, key: str, file: Path
) -> subprocess.CompletedProcess[str]:
    """Run the client to its end."""
    return subprocess.run(  # noqa: S603 - our own script
        [node, str(SCRIPT), sandbox.url, key, str(file)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def large_file(folder: Path) -> Path:
    """Write a file that takes many chunks."""
    file = folder / "contacts.csv"
    rows = "".join(f"c{number}@example.com,Zoë {number}\n" for number in range(200_000))
    file.write_bytes(("_email,_name\n" + rows).encode())
    return file


def test_the_sequence_runs_to_its_end(node: str, tmp_path: Path) -> None:
    """A streamed, chunked upload is accepted, and asking leads to the end."""
    file = large_file(tmp_path)
    with Sandbox(SandboxOptions(rows_per_second=1_000_000)) as sandbox:
        done = run_client(node, sandbox, sandbox.api_key, file)
        (received,) = sandbox.imports

    assert done.returncode == 0, done.stdout + done.stderr
    finished = json.loads(done.stdout)
    assert finished["total"] == finished["success"] == 200_000
    assert received.bytes == file.stat().st_size


def test_a_wrong_key_is_answered_while_the_file_is_sent(node: str, tmp_path: Path) -> None:
    """The client sees the refusal, not a broken connection."""
    with Sandbox() as sandbox:
        done = run_client(node, sandbox, "wrong:key", large_file(tmp_path))

    assert done.returncode == 1
    assert done.stdout.strip() == "401"
