"""The API at a glance: every method and path, what a key needs for it, and what answers it."""

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from dropbox_agent.sandbox.endpoints import contact_fields, coupon_sets, imports, items
from dropbox_agent.sandbox.keys import Permission


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path.

    Attributes:
        path: As werkzeug writes it; with and without a slash at its end.
        needs: The permission it takes; None lets anybody in, without a key.
        endpoint: Called with the world, the request, and the names in the path.
    """

    method: str
    path: str
    needs: Permission | None
    endpoint: Callable[..., Response]


ROUTES = (
    Route("POST", "/imports/", Permission.WRITE_IMPORTS, imports.create),
    Route("GET", "/imports/", Permission.READ_IMPORTS, imports.index),
    Route("GET", "/imports/<import_id>", Permission.READ_IMPORTS, imports.look),
    Route("DELETE", "/imports/<import_id>", Permission.DELETE_IMPORTS, imports.delete),
    Route("GET", "/error-reports/<import_id>.<extension>", None, imports.report),
    Route("GET", "/contact-fields/", Permission.READ_FIELDS, contact_fields.index),
    Route("POST", "/contact-fields/", Permission.WRITE_FIELDS, contact_fields.create),
    Route("GET", "/contact-fields/<field_id>", Permission.READ_FIELDS, contact_fields.look),
    Route("DELETE", "/contact-fields/<field_id>", Permission.WRITE_FIELDS, contact_fields.delete),
    Route("GET", "/coupon-sets/", Permission.READ_COUPON_SETS, coupon_sets.index),
    Route("GET", "/coupon-sets/<set_id>", Permission.READ_COUPON_SETS, coupon_sets.look),
    Route("GET", "/store/", Permission.READ_STORE, items.store),
    Route("GET", "/products/product-id/<path:product_id>", Permission.READ_ITEMS, items.product),
    Route("GET", "/contacts/<email>", Permission.READ_ITEMS, items.contact_by_email),
    Route("GET", "/contacts/email/<email>", Permission.READ_ITEMS, items.contact_by_email),
    Route(
        "GET",
        "/contacts/external-id/<path:external_id>",
        Permission.READ_ITEMS,
        items.contact_by_external_id,
    ),
)

# No redirects between paths with and without a slash: a redirected POST loses its body.
URL_MAP = Map(
    [Rule(route.path, methods=[route.method], endpoint=route) for route in ROUTES],
    strict_slashes=False,
    merge_slashes=False,
)
