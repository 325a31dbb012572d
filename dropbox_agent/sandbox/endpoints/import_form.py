"""The form that creates an import, and all that can be wrong with its parts (documented)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from werkzeug.http import parse_options_header
from werkzeug.wrappers import Request

from dropbox_agent.sandbox.account import CouponSet
from dropbox_agent.sandbox.imports import ImportOptions, ImportType
from dropbox_agent.sandbox.problems import Invalid, Problem, unprocessable
from dropbox_agent.sandbox.rows.csv_file import Spool
from dropbox_agent.sandbox.upload import Upload, read_upload
from dropbox_agent.sandbox.world import World

_OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}")
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class ImportForm:
    """A form in which nothing is wrong, the contents of its file apart."""

    type: ImportType
    options: ImportOptions
    spool: Spool


def read_form(request: Request, world: World) -> ImportForm:
    """Read the whole form.

    Raises:
        Problem: It is no multipart form (415, 400), too big (413), or wrong in some parts (422).
    """
    mimetype, parameters = parse_options_header(request.headers.get("Content-Type"))
    if mimetype != "multipart/form-data" or not parameters.get("boundary"):
        raise Problem(415, "The body must be multipart/form-data.")
    upload = read_upload(
        request.environ["wsgi.input"], parameters["boundary"], world.options.max_file_bytes
    )
    with world.look():
        coupon_sets = dict(world.account.coupon_sets)
    invalid = [*_wrong_scalars(upload.scalars, coupon_sets), *_wrong_file(upload)]
    if world.options.strict_part_order:
        invalid += [Invalid(name, "The part must come before the file.") for name in upload.late]
    if invalid or upload.spool is None:
        upload.close()
        raise unprocessable(invalid)
    return ImportForm(
        type=ImportType(upload.scalars["type"]),
        options=_options(upload.scalars),
        spool=upload.spool,
    )


def _options(scalars: Mapping[str, str]) -> ImportOptions:
    for_coupons = scalars["type"] == ImportType.COUPONS
    return ImportOptions(
        delimiter=scalars["delimiter"],
        override_existing=_BOOLEANS[scalars["overrideExisting"]],
        update_only_empty_fields=_BOOLEANS[scalars["updateOnlyEmptyFields"]],
        coupon_set_id=scalars["couponSetId"] if for_coupons else None,
    )


def _wrong_scalars(
    scalars: Mapping[str, str], coupon_sets: Mapping[str, CouponSet]
) -> Iterator[Invalid]:
    choices = {
        "type": tuple(ImportType),
        "delimiter": (",", ";"),
        "overrideExisting": tuple(_BOOLEANS),
        "updateOnlyEmptyFields": tuple(_BOOLEANS),
    }
    for name, allowed in choices.items():
        if name not in scalars:
            yield Invalid(name, "Value is required.")
        elif scalars[name] not in allowed:
            yield Invalid(name, f"Value must be one of: {' '.join(allowed)}")
    if scalars.get("updateOnlyEmptyFields") == "true" != scalars.get("overrideExisting"):
        yield Invalid("updateOnlyEmptyFields", "Can be true only if overrideExisting is true.")
    if scalars.get("type") == ImportType.COUPONS:
        reason = _wrong_coupon_set(scalars.get("couponSetId", ""), coupon_sets)
        if reason is not None:
            yield Invalid("couponSetId", reason)


def _wrong_coupon_set(set_id: str, coupon_sets: Mapping[str, CouponSet]) -> str | None:
    if not set_id:
        return "Value is required when type is coupons."
    if not _OBJECT_ID.fullmatch(set_id):
        return "Value is not valid."
    if set_id not in coupon_sets:
        return "There is no such coupon set."
    if coupon_sets[set_id].type == "single":
        return "Codes can be imported only into a coupon set of type multiple."
    return None


def _wrong_file(upload: Upload) -> Iterator[Invalid]:
    if upload.spool is None:
        yield Invalid("file", "A file is required.")
    elif upload.content_type != "text/csv":
        yield Invalid("file", "The content type of the file must be text/csv.")
