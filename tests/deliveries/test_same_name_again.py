"""Senders use the same name again."""

from tests.parcels import Parcel, Site, records, sha256
from tests.programs import sftp


def deliver(parcel: Parcel, content: bytes) -> None:
    """Put a file of this content with sftp."""
    parcel.source.write_bytes(content)
    sftp(f"put {parcel.source} {parcel.target}")


def test_the_same_name_every_day(site: Site) -> None:
    """Each day's file is imported and kept beside that of the day before (D34)."""
    parcel = site.parcel("daily")
    days = [records(f"day {n}") for n in range(3)]
    for day in days:
        deliver(parcel, day)
        site.until_reported(parcel.name, day)
    for report, day in zip(site.reports(parcel.name), days, strict=True):
        parcel.agrees(report, day)


def test_the_same_name_while_the_first_is_under_way(site: Site) -> None:
    """The second file becomes a job of its own, and is imported after the first (D40)."""
    apart = site.sibling("offline-at-times")
    parcel = apart.parcel("again")
    contents = [parcel.content.replace(b"Ada", b"Eva"), parcel.content]
    with apart.sandbox.offline():
        for content in contents:
            deliver(parcel, content)
            apart.until(lambda: not parcel.target.exists())
        assert not apart.reports(parcel.name)
    for content in contents:
        apart.until_reported(parcel.name, content)
    for report, content in zip(apart.reports(parcel.name), contents, strict=True):
        parcel.agrees(report, content)
    assert [each.sha256 for each in apart.sandbox.imports] == [sha256(each) for each in contents]
