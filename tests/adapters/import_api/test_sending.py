"""Sending a file: what goes over the wire, and what each answer means for the file."""

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from queue import Queue

import pytest

from dropbox_agent.core.budget import RequestBudget
from dropbox_agent.core.imports import (
    Accepted,
    ImportOptions,
    NotNow,
    OutcomeUnknown,
    Refused,
    SendAnswer,
    Status,
)
from dropbox_agent.core.kind import Kind
from tests.adapters.import_api.conftest import KEY, Connect
from tests.adapters.import_api.wire import CERTIFICATE, Heard, Talk, Wire, answer, say_once
from tests.bodies import BrokenBody, BytesBody, ResizedBody

CSV = BytesBody(b"_email\nann@example.com\n")
BIG = BytesBody(b"_email\n" + b"ann@example.com\n" * 500_000)
CREATED = {"id": "6072374b4d3ceb76e44d4323", "type": "contacts", "status": "queued", "total": 1}


def send(connect: Connect, *scripts: Callable[[Talk], object] | bytes) -> SendAnswer:
    """Send a small contacts file to a server that follows a script."""
    with Wire(*scripts) as wire:
        return connect(wire.url).create(Kind.CONTACTS, ImportOptions(), CSV)


def test_parts_go_out_in_the_documented_order_with_a_known_length(connect: Connect) -> None:
    """The four scalar parts come first and the file last, labelled as CSV."""
    with Wire(answer(201, CREATED)) as wire:
        connect(wire.url).create(Kind.CONTACTS, ImportOptions(delimiter=";"), CSV)
    (heard,) = wire.heard
    boundary = heard.headers["content-type"].removeprefix("multipart/form-data; boundary=")
    assert heard.line == "POST /imports/ HTTP/1.1"
    assert heard.headers["authorization"] == f"apiKey {KEY}"
    assert "transfer-encoding" not in heard.headers
    assert parts(heard.body, boundary) == [
        ('form-data; name="type"', b"contacts"),
        ('form-data; name="delimiter"', b";"),
        ('form-data; name="overrideExisting"', b"true"),
        ('form-data; name="updateOnlyEmptyFields"', b"false"),
        ('form-data; name="file"; filename="file.csv"\r\nContent-Type: text/csv', CSV.content),
    ]


def test_vouchers_are_sent_as_coupons_into_their_set(connect: Connect) -> None:
    """The API's word for vouchers is used on the wire and translated back in the answer."""
    created = {**CREATED, "type": "coupons"}
    with Wire(answer(201, created)) as wire:
        sent = connect(wire.url).create(
            Kind.VOUCHERS, ImportOptions(coupon_set="61fa54f238319b3bf1990fdc"), CSV
        )
    body = wire.heard[0].body
    assert b'name="type"\r\n\r\ncoupons\r\n' in body
    assert b'name="couponSetId"\r\n\r\n61fa54f238319b3bf1990fdc\r\n' in body
    assert body.index(b"couponSetId") < body.index(b"file.csv")
    assert isinstance(sent, Accepted)
    assert sent.imported.kind is Kind.VOUCHERS


def test_a_path_in_front_of_the_api_is_kept(connect: Connect) -> None:
    """The base address may have a path, with or without a slash at its end."""
    with Wire(answer(201, CREATED)) as wire:
        connect(f"{wire.url}/gateway/").create(Kind.CONTACTS, ImportOptions(), CSV)
    assert wire.heard[0].path == "/gateway/imports/"


def test_a_large_file_arrives_whole_over_tls(connect: Connect) -> None:
    """Millions of bytes arrive as they are through an encrypted connection."""
    heard: list[Heard | None] = []

    def take(talk: Talk) -> None:
        heard.append(talk.hear())
        talk.say(answer(201, CREATED))

    with Wire(take, tls=True) as wire:
        api = connect(wire.url, ca_bundle=CERTIFICATE)
        sent = api.create(Kind.CONTACTS, ImportOptions(), BIG)
    assert isinstance(sent, Accepted)
    assert heard[0] is not None
    content = heard[0].body.partition(b"text/csv\r\n\r\n")[2].rpartition(b"\r\n--")[0]
    assert hashlib.sha256(content).digest() == hashlib.sha256(BIG.content).digest()


@pytest.mark.parametrize("status", [200, 201, 202])
def test_any_success_with_an_id_is_an_import(connect: Connect, status: int) -> None:
    """Optional members may be absent or null; only the id is needed."""
    sent = send(connect, answer(status, {"id": "abc", "total": None, "startedAt": None}))
    assert isinstance(sent, Accepted)
    assert sent.imported.id == "abc"
    assert sent.imported.status is Status.OTHER
    assert sent.imported.total is None


@pytest.mark.parametrize(
    "text",
    [
        answer(201),
        answer(200, b"<html>Welcome to the guest network</html>"),
        answer(201, {"status": "queued"}),
        answer(201, {"id": ""}),
        answer(201, {"id": ".."}),
        answer(201, [CREATED]),
        answer(201, b'{"id": "abc", '),
        answer(201, b"[" * 60_000),
        answer(201, b"\xff\xfe\x00"),
        answer(201, CREATED, Content_Encoding="gzip"),
        b"HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{",
        b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        answer(408),
        answer(500, {"status": 500, "title": "Internal", "detail": "boom"}),
        answer(502, b"<html>Bad gateway</html>"),
        answer(503, Retry_After="5"),
        answer(999),
    ],
)
def test_an_answer_that_leaves_the_outcome_open_is_unknown(connect: Connect, text: bytes) -> None:
    """Garbled success and server faults never count as refused, nor as safe to send again."""
    sent = send(connect, say_once(text))
    assert isinstance(sent, OutcomeUnknown)
    assert "not known yet" in sent.why.message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (answer(400, {"status": 400, "code": "E0401", "detail": "Retry later"}), "queue-full"),
        (b"HTTP/1.1 400 Bad\r\nContent-Length: 90\r\n\r\n{", "answer-cut"),
        (answer(301, Location="https://www.example.com/x"), "redirected"),
        (answer(307, Location="/v2/imports/"), "redirected"),
        (answer(304), "redirected"),
        (answer(401), "api-key-refused"),
        (answer(401, b"Unauthorized"), "api-key-refused"),
        (answer(403, {"status": 403, "detail": "Account blocked"}), "api-key-forbidden"),
        (answer(404, b"<html>nginx</html>"), "wrong-address"),
        (answer(405), "wrong-address"),
        (answer(407), "network-proxy"),
        (answer(429), "rate-limited"),
    ],
)
def test_obstacles_outside_the_file_ask_to_wait(connect: Connect, text: bytes, code: str) -> None:
    """Queue, limits, key and address are not the file's fault."""
    sent = send(connect, say_once(text))
    assert isinstance(sent, NotNow)
    assert sent.why.code == code
    assert sent.why.hint


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"Retry_After": "7"}, 7.0),
        ({"Retry_After": "7", "RateLimit_Reset": "30"}, 7.0),
        ({"ratelimit_reset": "30"}, 30.0),
        (
            {
                "Date": "Thu, 15 Jan 2026 12:00:00 GMT",
                "X_RateLimit_Reset": "1768478425",
            },
            25.0,
        ),
    ],
)
def test_a_rate_limit_says_how_long_to_wait(
    connect: Connect, headers: dict[str, str], wait: float | None
) -> None:
    """Every header family that was seen is understood; none is fine too."""
    sent = send(connect, answer(429, **headers))
    assert isinstance(sent, NotNow)
    assert sent.wait_seconds == wait


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (answer(400, {"detail": "No such type", "code": "E0999"}), "refused-400", "E0999"),
        (answer(413, b"<html><h1>413 Too Large</h1></html>"), "too-large", "(HTTP 413)."),
        (answer(415, {"detail": "Not multipart"}), "refused-415", "Not multipart"),
        (answer(409, b"Conflict, sorry"), "refused-409", "Conflict, sorry"),
        (answer(400, b"x" * 1_000_000), "refused-400", "xxx"),
    ],
)
def test_other_refusals_concern_the_file(
    connect: Connect, text: bytes, code: str, said: str
) -> None:
    """What the server says is passed on, shortened, whatever shape it has."""
    sent = send(connect, text)
    assert isinstance(sent, Refused)
    assert sent.code == code
    assert said in sent.message
    assert len(sent.message) < 400


def test_validation_errors_are_named_in_plain_words(connect: Connect) -> None:
    """Each faulty part is named with its reason, and long lists are cut."""
    errors = [{"name": "a", "path": "/delimiter", "reason": f"wrong\x1b[31m {n}"} for n in range(7)]
    document = {"status": 422, "detail": "Some errors.", "validationErrors": [*errors, None]}
    sent = send(connect, answer(422, document))
    assert isinstance(sent, Refused)
    assert sent.status == 422
    assert sent.code == "validation"
    assert "Some errors. delimiter: wrong [31m 0" in sent.message
    assert sent.message.endswith("And 3 more.")


def test_a_redirect_is_named_but_not_followed(connect: Connect) -> None:
    """The key goes to the configured host only, and the message says where the other is."""
    with Wire(answer(200, CREATED)) as elsewhere:
        target = f"{elsewhere.url}/imports/?token=abc"
        sent = send(connect, answer(308, b"x" * 200_000, Location=target))
        assert elsewhere.connections == 0
    assert isinstance(sent, NotNow)
    assert f"{elsewhere.url}/imports/" in sent.why.message
    assert "token" not in sent.why.message
    assert "CONNECTIF_API_URL" in sent.why.hint


def test_the_key_is_never_repeated_even_when_the_server_does(connect: Connect) -> None:
    """Neither the key nor one of its halves gets into a message."""
    sent = send(connect, answer(400, {"detail": f"bad apiKey {KEY}", "title": "topsecret456"}))
    assert isinstance(sent, Refused)
    assert "apiKey ***" in sent.message
    assert "topsecret456" not in repr(sent)


@pytest.mark.skipif(os.name == "nt", reason="Windows throws away what came before a reset")
@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        (answer(401), "api-key-refused"),
        (answer(413, b"<html></html>"), "too-large"),
        (answer(400, {"code": "E0401"}), "queue-full"),
    ],
)
def test_an_answer_given_before_the_body_is_through_is_heard(
    connect: Connect, text: bytes, code: str, *, tls: bool
) -> None:
    """A server may refuse at the head and hang up: the reason counts, not the broken pipe."""

    def refuse_at_once(talk: Talk) -> None:
        talk.head()
        talk.say(text)

    with Wire(refuse_at_once, tls=tls) as wire:
        api = connect(wire.url, ca_bundle=CERTIFICATE)
        sent = api.create(Kind.CONTACTS, ImportOptions(), BIG)
    assert isinstance(sent, NotNow | Refused)
    assert (sent.why.code if isinstance(sent, NotNow) else sent.code) == code


@pytest.mark.parametrize("tls", [False, True])
def test_a_connection_that_breaks_while_sending_leaves_the_outcome_unknown(
    connect: Connect, *, tls: bool
) -> None:
    """Once bytes may have left, nobody can say what the server made of them."""

    def reset_in_the_middle(talk: Talk) -> None:
        talk.head()
        talk.read(1000)
        talk.reset()

    with Wire(reset_in_the_middle, tls=tls) as wire:
        api = connect(wire.url, ca_bundle=CERTIFICATE)
        sent = api.create(Kind.CONTACTS, ImportOptions(), BIG)
        assert wire.connections == 1
    assert isinstance(sent, OutcomeUnknown)


def test_a_reset_after_the_whole_body_leaves_the_outcome_unknown(connect: Connect) -> None:
    """The server had everything and may have made the import; it is not sent again."""

    def take_and_reset(talk: Talk) -> None:
        talk.hear()
        talk.reset()

    with Wire(take_and_reset) as wire:
        sent = connect(wire.url).create(Kind.CONTACTS, ImportOptions(), CSV)
        assert wire.connections == 1
    assert isinstance(sent, OutcomeUnknown)


@pytest.mark.parametrize(
    "trickle",
    [b"HTTP/1.1 201 Created\r\nX-Slow: ", b"HTTP/1.1 201 Created\r\nContent-Length: 99999\r\n\r\n"],
)
def test_a_server_that_trickles_for_ever_is_left_in_the_end(
    connect: Connect, trickle: bytes
) -> None:
    """The time-out counts for the whole answer, headers and body, not for each byte."""

    def drip(talk: Talk) -> None:
        talk.hear()
        talk.say(trickle)
        while not talk.stopped.wait(0.01):
            talk.say(b"x")

    with Wire(drip) as wire:
        api = connect(wire.url, read_timeout_seconds=0.2)
        sent = api.create(Kind.CONTACTS, ImportOptions(), CSV)
    assert isinstance(sent, OutcomeUnknown)


def test_a_redirect_whose_page_never_ends_is_still_a_redirect(connect: Connect) -> None:
    """Of a page that nobody needs, only a bounded part is read, for a bounded time."""

    def drip(talk: Talk) -> None:
        talk.hear()
        talk.say(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 99999\r\n\r\n")
        while not talk.stopped.wait(0.01):
            talk.say(b"x")

    with Wire(drip) as wire:
        api = connect(wire.url, read_timeout_seconds=0.2)
        sent = api.create(Kind.CONTACTS, ImportOptions(), CSV)
    assert isinstance(sent, NotNow)
    assert sent.why.code == "redirected"


def test_a_refusal_that_never_ends_is_cut(connect: Connect) -> None:
    """Nobody reads more of a reason than fits into a message."""

    def flood(talk: Talk) -> None:
        talk.hear()
        talk.say(b"HTTP/1.1 400 Bad\r\n\r\n")
        while not talk.stopped.is_set():
            talk.say(b"because " * 1000)

    with Wire(flood) as wire:
        sent = connect(wire.url).create(Kind.CONTACTS, ImportOptions(), CSV)
    assert isinstance(sent, Refused)
    assert sent.code == "refused-400"
    assert len(sent.message) < 400


def test_the_file_is_let_go_even_while_an_error_is_kept(connect: Connect) -> None:
    """An open file could not be moved on Windows."""
    closed: list[bool] = []

    class Watched(BytesBody):
        def chunks(self) -> Iterator[bytes]:
            try:
                yield from super().chunks()
            finally:
                closed.append(True)

    with Wire(lambda talk: talk.stopped.wait()) as wire:
        api = connect(wire.url, read_timeout_seconds=0.1)
        sent = api.create(Kind.CONTACTS, ImportOptions(), Watched(BIG.content))
        assert isinstance(sent, OutcomeUnknown)
        assert closed == [True]


def test_a_refused_key_tells_how_to_make_a_new_one(connect: Connect) -> None:
    """The hint names the place in Connectif, the rights and the setting."""
    sent = send(connect, answer(401))
    assert isinstance(sent, NotNow)
    for words in (
        "Store settings > API and IP access > API Keys > Create new API Key",
        "Imports: Read and Write,",
        "CONNECTIF_API_KEY in agent.env",
    ):
        assert words in sent.why.hint


def test_a_server_that_stops_reading_is_left_in_the_end(connect: Connect) -> None:
    """A stall while sending ends after the time-out for answers."""
    with Wire(lambda talk: talk.stopped.wait()) as wire:
        api = connect(wire.url, read_timeout_seconds=0.2)
        sent = api.create(Kind.CONTACTS, ImportOptions(), BIG)
    assert isinstance(sent, OutcomeUnknown)
    assert sent.why.code == "network-timeout"


def test_a_stall_longer_than_connecting_may_take_does_not_break_an_upload(
    connect: Connect,
) -> None:
    """The short time-out of connecting is not in force while the body goes out."""

    def dawdle(talk: Talk) -> None:
        head = talk.head()
        talk.stopped.wait(0.3)
        talk.read(int(head.headers["content-length"]) if head else 0)
        talk.say(answer(201, CREATED))

    with Wire(dawdle) as wire:
        api = connect(wire.url, connect_timeout_seconds=0.1)
        sent = api.create(Kind.CONTACTS, ImportOptions(), BIG)
    assert isinstance(sent, Accepted)


def test_a_body_that_cannot_be_read_is_the_callers_error(connect: Connect) -> None:
    """The disk's own error comes through, and the server got no complete file."""
    heard: Queue[Heard | None] = Queue()
    broken = BrokenBody(OSError(errno.EIO, "disk on fire"))
    with Wire(lambda talk: heard.put(talk.hear())) as wire:
        with pytest.raises(OSError, match="disk on fire") as caught:
            connect(wire.url).create(Kind.CONTACTS, ImportOptions(), broken)
        fragment = heard.get(timeout=10)
    assert caught.value.errno == errno.EIO
    assert fragment is not None
    assert not fragment.body.endswith(b"--\r\n")


def test_a_disk_error_that_looks_like_a_network_error_is_still_the_disks(
    connect: Connect,
) -> None:
    """A network share may fail with a reset of its own, which is not the server's."""
    broken = BrokenBody(ConnectionResetError(errno.ECONNRESET, "share is gone"))
    with Wire(lambda talk: talk.hear()) as wire, pytest.raises(OSError, match="share is gone"):
        connect(wire.url).create(Kind.CONTACTS, ImportOptions(), broken)


@pytest.mark.parametrize("content", [b"short", b"much longer than promised" * 100])
def test_a_file_that_changes_its_size_is_not_completed(connect: Connect, content: bytes) -> None:
    """A file cut short or grown meanwhile never reaches the server as a whole."""
    heard: Queue[Heard | None] = Queue()
    with Wire(lambda talk: heard.put(talk.hear())) as wire:
        with pytest.raises(OSError, match="changed its size"):
            connect(wire.url).create(Kind.CONTACTS, ImportOptions(), ResizedBody(100, content))
        fragment = heard.get(timeout=10)
    assert fragment is not None
    assert not fragment.body.endswith(b"--\r\n")


def test_each_file_is_sent_on_a_connection_of_its_own(connect: Connect) -> None:
    """A kept-alive connection may be dead unnoticed and would leave an outcome open."""
    with Wire(answer(201, CREATED)) as wire:
        api = connect(wire.url)
        api.create(Kind.CONTACTS, ImportOptions(), CSV)
        api.create(Kind.CONTACTS, ImportOptions(), CSV)
        assert wire.connections == 2


def test_without_budget_nothing_is_sent(connect: Connect) -> None:
    """The adapter says how long to wait instead of waiting itself."""
    with Wire(answer(201, CREATED)) as wire:
        api = connect(wire.url, RequestBudget(limit=1, reserve=0))
        api.create(Kind.CONTACTS, ImportOptions(), CSV)
        sent = api.create(Kind.CONTACTS, ImportOptions(), CSV)
        assert wire.connections == 1
    assert isinstance(sent, NotNow)
    assert sent.why.code == "request-budget"
    assert sent.wait_seconds is not None
    assert 0 < sent.wait_seconds <= 60


def test_a_refusal_for_too_many_requests_pauses_the_budget(connect: Connect) -> None:
    """After a 429 the next call waits without asking the server again."""
    with Wire(answer(429, Retry_After="30"), answer(201, CREATED)) as wire:
        api = connect(wire.url)
        api.create(Kind.CONTACTS, ImportOptions(), CSV)
        sent = api.create(Kind.CONTACTS, ImportOptions(), CSV)
        assert wire.connections == 1
    assert isinstance(sent, NotNow)
    assert sent.why.code == "request-budget"


def parts(body: bytes, boundary: str) -> list[tuple[str, bytes]]:
    """Take a multipart body apart: the disposition of each part, and its content."""
    pieces = body.split(f"--{boundary}".encode())
    assert pieces[0] == b""
    assert pieces[-1] == b"--\r\n"
    found = []
    for piece in pieces[1:-1]:
        head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = head.decode().removeprefix("Content-Disposition: ")
        found.append((name, content.removesuffix(b"\r\n")))
    return found
