"""Requests to the import API: the key, the sessions, and nothing of what answers mean.

Redirects are never followed, ``.netrc`` is never read, TLS is always verified. Proxies come from
the environment, as ``requests`` finds them.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from dropbox_agent.adapters.import_api.answer import Answer, read_answer
from dropbox_agent.adapters.import_api.connection import PatientAdapter
from dropbox_agent.adapters.import_api.multipart import MultipartBody
from dropbox_agent.adapters.import_api.network import hung_up, network_fault
from dropbox_agent.adapters.import_api.observing import call_of, observed
from dropbox_agent.core.exchange import Observer, unobserved
from dropbox_agent.core.imports import ApiUnavailable

SENDABLE_KEY = re.compile(r"[!-~]+")
SHORTEST_SECRET = 6


@dataclass(frozen=True, slots=True)
class ApiAccess:
    """Where the import API is and how to speak to it.

    Attributes:
        url: Base address; a path in front of ``/imports/`` is kept.
        key: Asked anew for each request, so that a key replaced in the settings is used at once.
        connect_timeout_seconds: Longest wait for a connection.
        read_timeout_seconds: Longest wait for a complete answer, and longest stall while sending.
        ca_bundle: File of certificates to trust instead of the usual ones.
        user_agent: How we introduce ourselves.
        quotes_answers: Whether the server's words about a request may be shown.
    """

    url: str
    key: Callable[[], str] = field(repr=False)
    connect_timeout_seconds: float = 10.0
    read_timeout_seconds: float = 60.0
    ca_bundle: Path | None = None
    user_agent: str = "dropbox-agent"
    quotes_answers: bool = True

    @property
    def timeouts(self) -> tuple[float, float]:
        """Seconds for connecting and for answering, as ``requests`` takes them."""
        return self.connect_timeout_seconds, self.read_timeout_seconds

    @property
    def trusted(self) -> str | bool:
        """Which certificates to trust, as ``requests`` takes it: never none at all."""
        return str(self.ca_bundle) if self.ca_bundle else True


class Transport:
    """Sends one request and brings back its answer, or says why there is none."""

    def __init__(self, access: ApiAccess, observe: Observer = unobserved) -> None:
        self._access = access
        self._observe = observe
        self._mine = threading.local()
        self._sessions: list[requests.Session] = []

    def post(self, path: str, body: MultipartBody) -> Answer:
        """Send a body, once, on a connection of its own.

        A kept-alive connection may be dead without our knowing, and would leave it open whether
        the server has the file.

        Raises:
            ApiUnavailable: No answer; ``body.started`` tells whether anything can have left.
            BodyUnreadable: The file could not be read to its end.
        """
        url = self.address(path)
        with _faults_told(url), self._new_session() as session, closing(body):
            return self._exchange(session, "POST", url, body)

    def get(self, url: str, permit: Callable[[], None]) -> Answer:
        """Ask for a resource; once more if the kept-alive connection turns out to be closed.

        Args:
            url: Address on the API's own host.
            permit: Called before each request; may raise to forbid it.

        Raises:
            ApiUnavailable: No answer.
        """
        permit()
        try:
            return self._ask(url)
        except ApiUnavailable as fault:
            if not hung_up(fault):
                raise
        permit()
        return self._ask(url)

    def address(self, path: str) -> str:
        """The full address of a path below the base."""
        return self._access.url.rstrip("/") + path

    def linked(self, page: str, link: str) -> str:
        """The full address of a link that an answer gave.

        Args:
            page: The address that gave the link.
            link: Absolute, or relative to that address.

        Raises:
            ApiUnavailable: It leads away from the API's own host, which must not get the key.
        """
        try:
            address = urljoin(page, link)
            if _origin(address) == _origin(self._access.url):
                return address
        except ValueError:  # no address at all
            pass
        raise ApiUnavailable(
            "A list of Connectif's goes on at another address, which does not get the key.",
            hint="Ask Connectif, or mend CONNECTIF_API_URL in agent.env.",
            code="foreign-link",
        )

    def close(self) -> None:
        """Close the connections kept open; to be called when no request is under way."""
        while self._sessions:
            self._sessions.pop().close()
        self._mine = threading.local()

    def _ask(self, url: str) -> Answer:
        with _faults_told(url):
            return self._exchange(self._own_session(), "GET", url)

    def _own_session(self) -> requests.Session:
        """The calling thread's session: those of ``requests`` are not made to be shared."""
        session: requests.Session | None = getattr(self._mine, "session", None)
        if session is None:
            session = self._mine.session = self._new_session()
            self._sessions.append(session)
        return session

    def _new_session(self) -> requests.Session:
        session = direct_session(self._access)
        session.headers["Accept"] = "application/json"
        return session

    def _exchange(
        self, session: requests.Session, method: str, url: str, body: MultipartBody | None = None
    ) -> Answer:
        auth = _KeyAuth(self._access.key())
        try:
            with (
                observed(self._observe, call_of(method, url)) as answered,
                session.request(
                    method,
                    url,
                    data=body,
                    headers={"Content-Type": body.content_type} if body is not None else None,
                    auth=auth,
                    timeout=self._access.timeouts,
                    verify=self._access.trusted,
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                answer = read_answer(
                    response, auth.secrets, may_be_quoted=self._access.quotes_answers
                )
                answered(answer.status)
                return answer
        finally:
            auth.forget()


@contextmanager
def _faults_told(url: str) -> Iterator[None]:
    try:
        yield
    # The base of all that requests raises, and what it lets through of urllib3.
    except (OSError, HTTPError, ValueError) as error:
        raise network_fault(error, _host(url)) from error


def direct_session(access: ApiAccess) -> requests.Session:
    """Make a session with patient connections that follows no redirects."""
    session = _DirectSession()
    patient = PatientAdapter(access.read_timeout_seconds)
    session.mount("https://", patient)
    session.mount("http://", patient)
    session.headers.update({"User-Agent": access.user_agent, "Accept-Encoding": "identity"})
    return session


class _DirectSession(requests.Session):
    """A session that takes a redirect for an answer like any other.

    Even when told not to follow, ``requests`` reads the whole body and looks into ``.netrc``.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Say that there is none."""


class _KeyAuth(AuthBase):
    """Puts the key on a request; being there keeps ``requests`` from reading ``.netrc``."""

    def __init__(self, key: str) -> None:
        if not SENDABLE_KEY.fullmatch(key):
            raise ApiUnavailable(
                "The API key is empty." if not key else "The API key has spaces or odd characters.",
                hint="Put the key, id and secret joined by a colon, into CONNECTIF_API_KEY in "
                "agent.env.",
                code="api-key-malformed" if key else "api-key-missing",
            )
        self._key = key
        self._request: requests.PreparedRequest | None = None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"apiKey {self._key}"
        self._request = request
        return request

    @property
    def secrets(self) -> tuple[str, ...]:
        """The key and its halves, longest first; too short a word would blot out plain text."""
        words = (self._key, *sorted(self._key.split(":"), key=len, reverse=True))
        return tuple(word for word in words if len(word) >= SHORTEST_SECRET)

    def forget(self) -> None:
        """Take the key off the request, which errors of ``requests`` keep hold of."""
        if self._request is not None:
            self._request.headers.pop("Authorization", None)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    place = urlsplit(url)
    port = {"http": 80, "https": 443}.get(place.scheme)
    return place.scheme, place.hostname, place.port or port


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the import API"
    except ValueError:
        return "the import API"
