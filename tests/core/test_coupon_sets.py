"""Which coupon set is meant by a folder or a setting."""

import pytest

from dropbox_agent.core.coupon_sets import CouponSet, choose_set
from dropbox_agent.core.job import Reason

SPRING = CouponSet("65f0a1b2c3d4e5f607182930", "Spring", "multiple")
AUTUMN = CouponSet("65f0a1b2c3d4e5f607182931", "Autumn", "multiple")
LOUD_AUTUMN = CouponSet("65f0a1b2c3d4e5f607182932", "AUTUMN", "multiple")
DIAS = CouponSet("65f0a1b2c3d4e5f607182933", "Días sin IVA", "multiple")
FOR_ALL = CouponSet("65f0a1b2c3d4e5f607182934", "For all", "single")
UNTOLD = CouponSet("65f0a1b2c3d4e5f607182935", "Untold")
TRICKY = CouponSet("65f0a1b2c3d4e5f607182936", SPRING.id, "multiple")
SETS = (SPRING, AUTUMN, LOUD_AUTUMN, DIAS, FOR_ALL, UNTOLD, TRICKY)


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        (SPRING.id, SPRING),
        (AUTUMN.id.upper(), AUTUMN),
        ("Spring", SPRING),
        ("  spring ", SPRING),
        ("Autumn", AUTUMN),
        ("AUTUMN", LOUD_AUTUMN),
        ("Di\u0301as sin IVA", DIAS),
        ("DÍAS SIN IVA", DIAS),
        ("Untold", UNTOLD),
    ],
)
def test_a_set_is_meant_by_its_id_or_its_name(wanted: str, meant: CouponSet) -> None:
    """The strictest reading counts; accents may be written in either way."""
    assert choose_set(wanted, SETS) == meant.id


@pytest.mark.parametrize("wanted", ["autumn", "Autumn"])
def test_a_name_of_several_sets_means_none(wanted: str) -> None:
    """The reason names the id of each."""
    twins = (AUTUMN, CouponSet("65f0a1b2c3d4e5f607182937", "Autumn"), LOUD_AUTUMN)
    reason = choose_set(wanted, twins)
    assert isinstance(reason, Reason)
    assert reason.code == "coupon-set-ambiguous"
    assert AUTUMN.id in reason.message


def test_codes_cannot_go_into_a_set_with_one_code() -> None:
    """The reason offers those they can go into."""
    reason = choose_set("For all", (FOR_ALL, SPRING))
    assert isinstance(reason, Reason)
    assert reason.code == "coupon-set-single"
    assert f"'Spring' ({SPRING.id})" in reason.hint


@pytest.mark.parametrize(
    ("wanted", "sets", "hint"),
    [
        ("Sprign", SETS, f"Did you mean 'Spring' ({SPRING.id})?"),
        ("xyz", (SPRING, FOR_ALL), f"The account has 'Spring' ({SPRING.id})."),
        ("For al", (FOR_ALL,), "make one in Connectif"),
        ("xyz", (), "make one in Connectif"),
    ],
)
def test_an_unknown_set_is_told_with_the_nearest(
    wanted: str, sets: tuple[CouponSet, ...], hint: str
) -> None:
    """Or with those that there are; never with one that takes no codes."""
    reason = choose_set(wanted, sets)
    assert isinstance(reason, Reason)
    assert reason.code == "coupon-set-unknown"
    assert f"'{wanted}'" in reason.message
    assert hint in reason.hint


def test_of_many_sets_a_few_are_named() -> None:
    """A reason is for reading."""
    many = [CouponSet(f"{number:024x}", f"Set {number}") for number in range(40)]
    reason = choose_set("xyz", many)
    assert isinstance(reason, Reason)
    assert "'Set 4' " in reason.hint
    assert "and 35 more." in reason.hint
