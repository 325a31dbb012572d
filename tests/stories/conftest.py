"""What the stories share."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.processes import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Make a home."""
    return Home.made(tmp_path / "home")


@pytest.fixture(scope="session")
def report_schema() -> Draft202012Validator:
    """Read the schema that the package ships for its reports."""
    schema = files("dropbox_agent").joinpath("report.schema.json")
    return Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))
