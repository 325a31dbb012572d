"""Files as real exporters write them, and what is said of each."""

import pytest

from tests.exports import CORPUS, Export, exports, judge, told

EXPORTS = exports()


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.file)
def test_the_verdict_is_the_expected_one(export: Export) -> None:
    """With all issues, at their lines, and the number of rows."""
    verdict = judge(export).verdict
    assert [told(issue) for issue in verdict.issues] == export.issues
    assert (verdict.sendable, verdict.facts.rows) == (export.sendable, export.rows)


def test_every_file_is_described_once() -> None:
    """No case without a file, and no file without a case."""
    files = [path.name for path in CORPUS.iterdir() if path.suffix != ".toml"]
    assert sorted(files) == sorted(export.file for export in EXPORTS)
