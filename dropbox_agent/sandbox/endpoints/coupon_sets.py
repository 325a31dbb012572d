"""Coupon sets: list and look; they are made in the web application only."""

from typing import Any

from werkzeug.wrappers import Request, Response

from dropbox_agent.sandbox.account import CouponSet
from dropbox_agent.sandbox.answers import json_answer, timestamp
from dropbox_agent.sandbox.problems import Problem
from dropbox_agent.sandbox.world import World


def index(world: World, request: Request) -> Response:
    """List all sets on one page."""
    del request
    with world.look() as now:
        results = [_resource(each, world, now) for each in world.account.coupon_sets.values()]
    return json_answer({"links": {}, "results": results})


def look(world: World, request: Request, set_id: str) -> Response:
    """Show one set."""
    del request
    with world.look() as now:
        coupon_set = world.account.coupon_sets.get(set_id)
        if coupon_set is None:
            raise Problem(404, "There is no such coupon set.")
        return json_answer(_resource(coupon_set, world, now))


def _resource(coupon_set: CouponSet, world: World, now: float) -> dict[str, Any]:
    count = coupon_set.count(now)
    resource: dict[str, Any] = {
        "id": coupon_set.id,
        "name": coupon_set.name,
        "type": coupon_set.type,
        "assigned": 0,
        "createdAt": timestamp(world.wall(world.began)),
        "usedInWorkflows": [],
    }
    if coupon_set.type == "single":
        return {**resource, "code": coupon_set.code, "available": None}
    return {**resource, "quantity": count, "available": count}
