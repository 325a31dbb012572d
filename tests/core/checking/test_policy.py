"""Policies that make no sense cannot be made."""

from typing import Any

import pytest

from dropbox_agent.core.checking import CheckPolicy


@pytest.mark.parametrize(
    "wrong",
    [{"row_faults": "perhaps"}, {"row_faults": 1.5}, {"row_faults": -0.1}, {"max_slice_bytes": 0}],
)
def test_refuses_nonsense(wrong: dict[str, Any]) -> None:
    """Shares lie between nothing and all, and limits above zero."""
    with pytest.raises(ValueError, match="must be"):
        CheckPolicy(**wrong)
