"""CSV files as senders drop them."""


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
