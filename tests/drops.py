"""CSV files as senders drop them, compressed or not."""

import gzip
import io
import zipfile


def gzipped(content: bytes) -> bytes:
    """Compress with gzip; the same content is always the same file."""
    return gzip.compress(content, mtime=0)


def zipped(*contents: bytes, names: tuple[str, ...] = ("export.csv",)) -> bytes:
    """Put files into a ZIP file; the same files are always the same file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in zip(names, contents, strict=True):
            entry = zipfile.ZipInfo(name)
            archive.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def unpacked(name: str, payload: bytes) -> bytes:
    """Give what is in a file by its name; nothing if it cannot be read."""
    try:
        if name.lower().endswith(".csv.gz"):
            return gzip.decompress(payload)
        if name.lower().endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(payload)) as archive:
                return archive.read(archive.namelist()[0])
    except (OSError, EOFError, zipfile.BadZipFile):
        return b""
    return payload


def contacts(rows: int, *, name: str = "Ada", first: int = 0) -> bytes:
    """Write contacts that are all in order, numbered from ``first``."""
    lines = (f"customer{n}@example.com,{name}" for n in range(first, first + rows))
    return _csv("_email,_name", *lines)


def products(rows: int) -> bytes:
    """Write products that are all in order."""
    lines = (f"SKU-{n},Chair {n},https://shop.example.com/{n},19.90" for n in range(rows))
    return _csv("productId,name,productDetailUrl,unitPrice", *lines)


def vouchers(rows: int) -> bytes:
    """Write voucher codes that are all in order."""
    return _csv("code", *(f"SPRING-{n:04d}" for n in range(rows)))


def _csv(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()
