"""Single contacts, single products and the store: to see what an import did."""

from collections.abc import Mapping

from werkzeug.wrappers import Request, Response

from dropbox_agent.sandbox.account import Shelf
from dropbox_agent.sandbox.answers import json_answer
from dropbox_agent.sandbox.problems import Problem
from dropbox_agent.sandbox.rows.cells import Cell, cell_of
from dropbox_agent.sandbox.rows.products import product_cells
from dropbox_agent.sandbox.world import World


def store(world: World, request: Request) -> Response:
    """Show the store; good for trying a key."""
    del world, request
    return json_answer({"id": "65f0a1b2c3d4e5f607182900", "name": "Sandbox store"})


def product(world: World, request: Request, product_id: str) -> Response:
    """Show one product."""
    del request
    with world.look():
        cells = product_cells(decimal_comma=world.options.decimal_comma)
        return _item(world.account.products, product_id, cells)


def contact_by_email(world: World, request: Request, email: str) -> Response:
    """Show the contact that was imported under an e-mail address."""
    del request
    with world.look():
        return _item(world.account.contacts, email.lower(), _contact_cells(world))


def contact_by_external_id(world: World, request: Request, external_id: str) -> Response:
    """Show the contact that was imported under an external id."""
    del request
    with world.look():
        cells = _contact_cells(world)
        return _item(world.account.contacts_by_external_id, external_id, cells)


def _contact_cells(world: World) -> dict[str, Cell]:
    comma = world.options.decimal_comma
    return {field.id: cell_of(field, decimal_comma=comma) for field in world.fields}


def _item(shelf: Shelf, key: str, cells: Mapping[str, Cell]) -> Response:
    if key not in shelf:
        raise Problem(404, "There is no such element.")
    values = {name: cells[name].read(text) for name, text in shelf[key].items() if name in cells}
    return json_answer(values)
