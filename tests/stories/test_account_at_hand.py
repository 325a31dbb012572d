"""What the account has decides about files: its fields, its options, its coupon sets."""

from jsonschema import Draft202012Validator

from dropbox_agent.sandbox import Sandbox
from tests.drops import contacts, vouchers
from tests.processes import UNHURRIED, Home, Program, account

WELCOME = "65f0a1b2c3d4e5f607182931"


def test_files_are_checked_against_the_account_and_vouchers_find_their_set_by_its_name(
    home: Home, report_schema: Draft202012Validator
) -> None:
    """One question for each kind is enough, and every report says what was known."""
    for name in ("Welcome vouchers", "Summer for all"):
        (home.path / "inbox" / "vouchers" / name).mkdir()
    with (
        Sandbox(UNHURRIED) as sandbox,
        Program(home, "run", settings=account(sandbox)) as agent,
    ):
        agent.until_watching()
        home.drop("contacts", "good.csv", b"_email,shirtSize\nada@example.com,m\n")
        home.drop("contacts", "bad.csv", b"_email,shirtsizes\nada@example.com,m\n")
        home.drop("vouchers/Welcome vouchers", "codes.csv", vouchers(3))
        home.drop("vouchers/Summer for all", "wrong.csv", vouchers(3))
        agent.until(lambda: len(home.reports) == 4)
        held, asked = sandbox.account, sandbox.requests

    outcomes = {name: report.outcome for name, report in home.reports.items()}
    assert outcomes == {
        "good.csv": "imported",
        "bad.csv": "rejected",
        "codes.csv": "imported",
        "wrong.csv": "rejected",
    }
    assert "Did you mean shirtSize?" in home.reports["bad.csv"].content["reason"]["hint"]
    assert home.reports["wrong.csv"].content["reason"]["code"] == "coupon-set-single"
    assert len(held.coupon_sets[WELCOME].codes) == 3
    assert asked["GET", "/contact-fields/"] <= 2
    assert asked["GET", "/coupon-sets/"] <= 2
    for report in home.reports.values():
        report_schema.validate(report.content)
        assert report.content["check"]["account"]["used"] is True


def test_a_key_for_imports_alone_is_enough(home: Home) -> None:
    """Files are sent all the same; the report says what the key lacks."""
    with Sandbox(UNHURRIED) as sandbox:
        settings = account(sandbox) | {"CONNECTIF_API_KEY": sandbox.keys.imports_only}
        with Program(home, "run", settings=settings) as agent:
            agent.until_watching()
            home.drop("contacts", "people.csv", contacts(2))
            home.drop("vouchers", "codes.csv", vouchers(2))
            agent.until(lambda: len(home.reports) == 2)
    for report in home.reports.values():
        assert report.outcome == "imported"
        assert report.content["check"]["account"]["why"]["code"] == "api-key-forbidden"
