"""The sandbox as a WSGI application: faults, keys, the rate limit, and then the endpoint."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event
from typing import Any

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.wrappers import Request, Response

from dropbox_agent.sandbox.fault_effects import answer_with
from dropbox_agent.sandbox.keys import Permission
from dropbox_agent.sandbox.options import RateHeaders
from dropbox_agent.sandbox.problems import Problem
from dropbox_agent.sandbox.rate import Allowance
from dropbox_agent.sandbox.routes import URL_MAP, Route
from dropbox_agent.sandbox.world import World

_FIELD_PERMISSIONS = frozenset({Permission.READ_FIELDS, Permission.WRITE_FIELDS})


@dataclass(frozen=True, slots=True)
class _Target:
    """The route that a request means, with the names in its path."""

    route: Route
    names: Mapping[str, Any]


class Api:
    """Answers requests from the world.

    Attributes:
        stopping: Set when the sandbox stops, so that slow answers stop waiting.
    """

    def __init__(self, world: World) -> None:
        self.stopping = Event()
        self._world = world

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:  # noqa: ANN401 - WSGI
        """Answer one WSGI request."""
        return self._respond(Request(environ))(environ, start_response)

    def _respond(self, request: Request) -> Response:
        target = _find(request)
        path = target.route.path if isinstance(target, _Target) else request.path
        self._world.count_request(request.method, path)
        fault = self._world.faults.for_request(request.method, request.path)
        if fault is None:
            return self._answer(request, target)
        return answer_with(
            fault, request, lambda: self._answer(request, target), self._too_many, self.stopping
        )

    def _answer(self, request: Request, target: _Target | Problem) -> Response:
        if isinstance(target, _Target) and target.route.needs is None:
            return self._carry_out(request, target, frozenset(Permission))
        permissions = self._world.keys.permissions(request.headers.get("Authorization", ""))
        if permissions is None:
            return self._bare(401, "The API key is missing or wrong.")
        allowance = self._world.rate.admit(self._world.now())
        if allowance is not None and not allowance.admitted:
            return self._refused(allowance, self._world.options.rate_headers)
        response = self._carry_out(request, target, permissions)
        if allowance is not None:
            self._tell(response, allowance, self._world.options.rate_headers)
        return response

    def _carry_out(
        self, request: Request, target: _Target | Problem, permissions: frozenset[Permission]
    ) -> Response:
        try:
            if isinstance(target, Problem):
                return target.answer()
            self._require(target.route.needs, permissions)
            return target.route.endpoint(self._world, request, **target.names)
        except Problem as problem:
            return problem.answer()
        except ConnectionError:
            raise
        except Exception:
            logging.getLogger(__name__).exception("The sandbox failed to answer a request")
            return Problem(500, "The sandbox failed to answer.").answer()

    def _require(self, needed: Permission | None, permissions: frozenset[Permission]) -> None:
        closed = self._world.options.contact_fields_forbidden and needed in _FIELD_PERMISSIONS
        if needed is not None and (closed or needed not in permissions):
            raise Problem(403, "The API key has no permission for this, or the account is blocked.")

    def _too_many(self, family: RateHeaders | None) -> Response:
        """Answer 429 whatever was counted."""
        usual = self._world.options.rate_headers
        return self._refused(self._world.rate.exhausted(), family or usual)

    def _refused(self, allowance: Allowance, family: RateHeaders) -> Response:
        response = self._bare(429, "Too many requests.")
        self._tell(response, allowance, family)
        return response

    def _tell(self, response: Response, allowance: Allowance, family: RateHeaders) -> None:
        epoch = self._world.wall(self._world.now()).timestamp()
        response.headers.update(allowance.headers(family, epoch))

    def _bare(self, status: int, text: str) -> Response:
        """Answer with a status that has no documented body, and give it one where asked."""
        match self._world.options.bare_body:
            case "json":
                return Problem(status, text).answer()
            case "text":
                return Response(text, status=status, mimetype="text/plain")
            case "empty":
                return Response(status=status)


def _find(request: Request) -> _Target | Problem:
    adapter = URL_MAP.bind_to_environ(request.environ)
    try:
        route, names = adapter.match()
    except MethodNotAllowed:
        return Problem(405, "This method is not allowed here.")
    except NotFound:
        return Problem(404, "There is nothing here.")
    return _Target(route, names)
