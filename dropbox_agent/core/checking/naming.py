"""Compares names of columns as people do: capitals, spaces and punctuation count for nothing."""

from collections.abc import Iterable, Mapping


def plain_name(name: str) -> str:
    """Reduce a name to its letters and digits."""
    return "".join(filter(str.isalnum, name.casefold()))


def by_plain_name(names: Iterable[str]) -> dict[str, str]:
    """Index names by their plain form."""
    return {plain_name(name): name for name in names}


def nearest(name: str, known: Mapping[str, str]) -> str | None:
    """Return the known name that differs least by its letters; None when none is near.

    Args:
        name: A name as somebody wrote it.
        known: The names there are, by their plain form.
    """
    from difflib import get_close_matches

    found = get_close_matches(plain_name(name), known, n=1, cutoff=0.75)
    return known[found[0]] if found else None
