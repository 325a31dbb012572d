"""Contact fields: list, look, create custom ones, delete those."""

from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from dropbox_agent.sandbox.answers import json_answer
from dropbox_agent.sandbox.fields import (
    CUSTOM_ID,
    MAX_CUSTOM_FIELDS,
    MAX_OPTIONS,
    TYPES,
    ContactField,
)
from dropbox_agent.sandbox.problems import Invalid, Problem, unprocessable
from dropbox_agent.sandbox.world import World

_WITH_OPTIONS = frozenset({"radio", "checkbox"})
_LIMITS: dict[str, type | tuple[type, ...]] = {
    "maxLength": int,
    "minValue": (int, float),
    "maxValue": (int, float),
    "minDate": str,
    "maxDate": str,
}


def index(world: World, request: Request) -> Response:
    """List all fields on one page."""
    del request
    with world.look():
        return json_answer({"links": {}, "results": [each.as_resource() for each in world.fields]})


def look(world: World, request: Request, field_id: str) -> Response:
    """Show one field."""
    del request
    with world.look():
        return json_answer(_find(world, field_id).as_resource())


def create(world: World, request: Request) -> Response:
    """Create a custom field from a JSON body."""
    if not request.is_json:
        raise Problem(415, "The body must be application/json.")
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Problem(400, "The body is no JSON object.")
    with world.look():
        invalid = list(_wrong_members(body, world))
        if invalid:
            raise unprocessable(invalid)
        if world.fields.custom >= MAX_CUSTOM_FIELDS:
            raise Problem(400, f"There are {MAX_CUSTOM_FIELDS} custom fields already.")
        field = _field(body)
        world.fields.add(field)
    return json_answer(field.as_resource(), status=201)


def delete(world: World, request: Request, field_id: str) -> Response:
    """Delete a custom field."""
    del request
    with world.look():
        if not _find(world, field_id).custom:
            raise Problem(400, "A system field cannot be deleted.")
        world.fields.remove(field_id)
    return Response(status=204)


def _find(world: World, field_id: str) -> ContactField:
    field = world.fields.get(field_id)
    if field is None:
        raise Problem(404, "There is no such contact field.")
    return field


def _wrong_members(body: Mapping[str, Any], world: World) -> Iterator[Invalid]:
    field_id, options = body.get("id"), _options(body)
    if not isinstance(field_id, str) or not CUSTOM_ID.fullmatch(field_id) or field_id == "id":
        yield Invalid("id", "Value is not valid.")
    elif world.fields.get(field_id) is not None:
        yield Invalid("id", "There is a field of this id already.")
    if not isinstance(body.get("name"), str) or not body["name"]:
        yield Invalid("name", "Value is required.")
    if body.get("type") not in TYPES:
        yield Invalid("type", "Value is not valid.")
    for name, kinds in _LIMITS.items():
        if body.get(name) is not None and not isinstance(body[name], kinds):
            yield Invalid(name, "Value is not valid.")
    if body.get("type") in _WITH_OPTIONS and not 0 < len(options) <= MAX_OPTIONS:
        yield Invalid("options", f"There must be 1 to {MAX_OPTIONS} options, each with an id.")


def _options(body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    given = body.get("options")
    options = given if isinstance(given, list) else []
    return tuple(
        (str(each["id"]), str(each.get("label", each["id"])))
        for each in options
        if isinstance(each, dict) and each.get("id")
    )


def _field(body: Mapping[str, Any]) -> ContactField:
    return ContactField(
        id=body["id"],
        name=body["name"],
        type=body["type"],
        custom=True,
        required=body.get("required") is True,
        options=_options(body) if body["type"] in _WITH_OPTIONS else (),
        max_length=body.get("maxLength"),
        min_value=body.get("minValue"),
        max_value=body.get("maxValue"),
        min_date=body.get("minDate"),
        max_date=body.get("maxDate"),
        default_country_code=body.get("defaultCountryCode"),
        default_value=body.get("defaultValue"),
    )
