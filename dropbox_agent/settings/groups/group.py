"""What the groups of settings are made of."""

from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field


def setting(name: str, default: str, meaning: str) -> Any:  # noqa: ANN401 - stands for any field
    """Describe one setting.

    Args:
        name: What people write in front of the ``=``.
        default: What counts without it, as one would write it.
        meaning: A sentence or two for the documentation.
    """
    return Field(default, validation_alias=name, description=meaning, validate_default=True)


class Group(BaseModel):
    """Some settings that belong together.

    Attributes:
        home: The folder that holds ``agent.env`` and that relative paths start from.
        doubts: Sentences to warn about: names in the environment that look misspelt.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        defer_build=True,  # only all of them together are ever used: one validator, not twelve
    )

    home: Path
    doubts: tuple[str, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts that must never be shown; each group adds its own to those of the others."""
        return ()
