"""Imports: create, look, list, delete, and fetch error reports."""

from typing import Any

from werkzeug.wrappers import Request, Response

from dropbox_agent.sandbox.answers import json_answer, timestamp
from dropbox_agent.sandbox.endpoints.import_form import read_form
from dropbox_agent.sandbox.imports import Import, ImportStatus
from dropbox_agent.sandbox.problems import Problem, unprocessable
from dropbox_agent.sandbox.rows.checking import HeaderRefused
from dropbox_agent.sandbox.rows.csv_file import CsvFile, Unreadable
from dropbox_agent.sandbox.world import World


def create(world: World, request: Request) -> Response:
    """Take a multipart form and queue an import of its file."""
    form = read_form(request, world)
    file = CsvFile(form.spool, form.options.delimiter)
    try:
        with world.look() as now:
            record = world.add_import(form.type, form.options, file)
            body = _resource(record, world, request, now)
    except (HeaderRefused, Unreadable) as error:
        raise unprocessable([error.invalid]) from error
    return json_answer(body, status=world.options.created_status)


def look(world: World, request: Request, import_id: str) -> Response:
    """Show one import."""
    with world.look() as now:
        return json_answer(_resource(_find(world, import_id), world, request, now))


def index(world: World, request: Request) -> Response:
    """List the imports, newest first; unknown parameters are ignored."""
    page = max(1, request.args.get("page", 1, type=int))
    size = world.options.page_size
    with world.look() as now:
        records = world.imports.listing(now)
        shown = records[(page - 1) * size : page * size]
        links = {}
        if page * size < len(records):
            links["next"] = f"{request.base_url}?page={page + 1}"
        if page > 1:
            links["prev"] = f"{request.base_url}?page={page - 1}"
        results = [_resource(each, world, request, now) for each in shown]
    return json_answer({"links": links, "results": results})


def delete(world: World, request: Request, import_id: str) -> Response:
    """Delete an import that has ended; what it imported stays (documented but for the codes)."""
    del request
    with world.look():
        record = _find(world, import_id)
        if not record.status.ended:
            raise Problem(400, "An import that is queued or in progress cannot be deleted.")
        record.forget()
    return Response(status=204)


def report(world: World, request: Request, import_id: str, extension: str) -> Response:
    """Serve an error report to whoever has a valid link."""
    until, signature = request.args.get("until", ""), request.args.get("signature", "")
    with world.look() as now:
        if not world.links.valid(import_id, until, signature, now):
            return Response("This link is not valid any more.", status=403, mimetype="text/plain")
        found = _find(world, import_id).report
        if found is None:
            raise Problem(404, "There is no error report.")
        if extension == "zip":
            return Response(found.as_zip(), mimetype="application/zip")
        return Response(found.as_csv(), mimetype="text/csv")


def _find(world: World, import_id: str) -> Import:
    record = world.imports.find(import_id)
    if record is None:
        raise Problem(404, "There is no such import.")
    return record


def _resource(record: Import, world: World, request: Request, now: float) -> dict[str, Any]:
    """Write an import as the API does (documented members)."""
    fate = record.misfortune
    running = record.status is ImportStatus.IN_PROGRESS
    total_known = world.options.total_at_creation or record.started is not None
    resource: dict[str, Any] = {
        "id": record.id,
        "type": record.type,
        "status": fate.running if running else record.status,
        "origin": record.origin,
        "createdAt": timestamp(world.wall(record.created)),
        "total": record.total if total_known else 0,
        "success": fate.told_success(record.success, record.total),
        "errors": record.errors,
        "options": {
            "delimiter": record.options.delimiter,
            "overrideExisting": record.options.override_existing,
            "updateOnlyEmptyFields": record.options.update_only_empty_fields,
        },
    }
    _add_optional(resource, _moments(record, world), world)
    _add_optional(resource["options"], {"couponSetId": record.options.coupon_set_id}, world)
    report_url = _report_url(record, world, request, now)
    _add_optional(resource, {"errorReportFileUrl": report_url}, world)
    return resource


def _add_optional(resource: dict[str, Any], members: dict[str, str | None], world: World) -> None:
    nulls = world.options.null_members
    resource.update({name: each for name, each in members.items() if nulls or each is not None})


def _moments(record: Import, world: World) -> dict[str, str | None]:
    cancelled = record.status is ImportStatus.CANCELLED
    started, ended = (
        None if each is None else timestamp(world.wall(each))
        for each in (record.started, record.ended)
    )
    return {
        "startedAt": started,
        "finishedAt": None if cancelled else ended,
        "cancelledAt": ended if cancelled else None,
    }


def _report_url(record: Import, world: World, request: Request, now: float) -> str | None:
    """Make a new link at each look; there is none before the end, nor without errors."""
    if record.report is None or not record.status.ended:
        return None
    expires = now + world.options.report_minutes * 60
    path = world.links.path(record.id, world.options.report_format, expires)
    return request.host_url.rstrip("/") + path
