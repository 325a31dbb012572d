"""What a ``columns.toml`` says: how an exporter's columns become those that the import knows."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which columns are renamed, left out or added.

    Attributes:
        names: For a header, the name that its column is sent under.
        drop: Headers of columns that are left out.
        constants: Names of columns that are added, and what they have in every row.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> tuple[str, ...]:
        """All headers that are spoken of."""
        return (*self.names, *self.drop)


NO_MAP = ColumnMap()
