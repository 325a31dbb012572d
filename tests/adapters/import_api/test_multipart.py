"""The body that is read while it is sent."""

import pytest

from dropbox_agent.adapters.import_api.multipart import BodyUnreadable, MultipartBody
from tests.bodies import BrokenBody, BytesBody, ResizedBody


@pytest.mark.parametrize("content", [b"", b"code\n", b"code\r\n--almost a boundary--\r\n" * 1000])
def test_the_length_is_that_of_what_comes(content: bytes) -> None:
    """What is announced is what is sent, to the byte."""
    body = MultipartBody([("type", "contacts")], BytesBody(content, piece=7))
    assert len(body) == len(b"".join(body))


def test_a_body_has_started_only_when_its_first_piece_is_taken() -> None:
    """Before that, nothing can have left."""
    body = MultipartBody([], BytesBody(b"x"))
    pieces = iter(body)
    assert not body.started
    next(pieces)
    assert body.started


def test_a_file_that_grew_is_never_sent_beyond_the_length_announced() -> None:
    """Bytes too many would be read as the beginning of another request."""
    body = MultipartBody([], ResizedBody(10, b"x" * 1000))
    taken: list[bytes] = []
    with pytest.raises(BodyUnreadable, match="changed its size"):
        taken.extend(body)
    assert len(b"".join(taken)) <= len(body)


def test_a_file_that_fails_is_no_error_of_the_network() -> None:
    """The library must not take a disk's error for its own, so it is of another family."""
    body = MultipartBody([], BrokenBody(OSError("gone")))
    with pytest.raises(BodyUnreadable) as caught:
        list(body)
    assert not isinstance(caught.value, OSError)
    assert str(caught.value.reason) == "gone"
