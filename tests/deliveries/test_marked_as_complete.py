"""Senders put a marker beside each file that is complete (D31)."""

from tests.parcels import Parcel, Site, sha256
from tests.programs import sftp


def marked(site: Site) -> Site:
    """Give the site whose senders do so."""
    return site.sibling("marked", AGENT_DONE_SUFFIX=".done")


def put(parcel: Parcel) -> None:
    """Put a file with sftp."""
    sftp(f"put {parcel.source} {parcel.target}")


def put_marker(parcel: Parcel, text: str = "") -> None:
    """Put its marker with sftp."""
    marker = parcel.source.with_name(f"{parcel.name}.done")
    marker.write_text(text, encoding="utf-8")
    sftp(f"put {marker} {parcel.target}.done")


def test_a_marker_after_the_file(site: Site) -> None:
    """A file is left alone until its marker is there."""
    parcel = marked(site).parcel("marked-after")
    put(parcel)
    parcel.is_left_alone()
    put_marker(parcel)
    parcel.is_imported_once()


def test_a_marker_before_the_file(site: Site) -> None:
    """A file whose marker came first is imported when it is whole itself."""
    parcel = marked(site).parcel("marked-before")
    put_marker(parcel)
    parcel.target.write_bytes(parcel.fragment)
    parcel.is_left_alone()
    put(parcel)
    parcel.is_imported_once()


def test_a_marker_that_knows_the_hash(site: Site) -> None:
    """A file that is not what its marker says is left alone until it is."""
    parcel = marked(site).parcel("marked-hash")
    parcel.target.write_bytes(parcel.content.replace(b"Ada", b"Eva"))
    put_marker(parcel, f"{sha256(parcel.content)}  {parcel.name}\n")
    parcel.is_left_alone()
    put(parcel)
    parcel.is_imported_once()
