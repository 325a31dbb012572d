"""Files are dropped, and land with their reports; their rows are in the account."""

from dropbox_agent.sandbox import DEFAULT_COUPON_SET, Sandbox
from tests.drops import contacts, products, vouchers
from tests.processes import UNHURRIED, Home, Program, account


def test_files_of_all_kinds_that_are_dropped_while_it_runs_land_with_their_reports(
    home: Home,
) -> None:
    """Each file is imported and lies unchanged beside its report."""
    dropped = {"a.csv": contacts(3), "b.csv": products(2), "c.csv": vouchers(4)}
    with (
        Sandbox(UNHURRIED) as sandbox,
        Program(home, "run", settings=account(sandbox)) as agent,
    ):
        agent.until_watching()
        for kind, name in zip(("contacts", "products", "vouchers"), dropped, strict=True):
            home.drop(kind, name, dropped[name])
        agent.until(lambda: len(home.reports) == 3)
        held = sandbox.account

    for name, report in home.reports.items():
        assert report.outcome == "imported"
        assert report.payload == dropped[name]
    assert {report.folder for report in home.reports.values()} == {
        "processed/contacts",
        "processed/products",
        "processed/vouchers",
    }
    assert set(held.contacts) == {f"customer{n}@example.com" for n in range(3)}
    assert held.contacts["customer0@example.com"]["_name"] == "Ada"
    assert set(held.products) == {"SKU-0", "SKU-1"}
    assert held.coupon_sets[DEFAULT_COUPON_SET].codes == {f"SPRING-{n:04d}" for n in range(4)}
    assert home.waiting == home.claimed == []


def test_files_that_were_there_before_it_started_take_the_same_path(home: Home) -> None:
    """A start imports what was dropped while no agent ran."""
    home.drop("contacts", "overnight.csv", contacts(3))
    home.drop("products", "overnight-too.csv", products(2))
    with (
        Sandbox(UNHURRIED) as sandbox,
        Program(home, "run", settings=account(sandbox)) as agent,
    ):
        agent.until(lambda: len(home.reports) == 2)
        assert len(sandbox.imports) == 2
    assert {each.outcome for each in home.reports.values()} == {"imported"}


def test_of_two_files_about_the_same_contact_the_later_one_wins(home: Home) -> None:
    """The second file is only sent when the first has ended."""
    with (
        Sandbox(UNHURRIED) as sandbox,
        Program(home, "run", settings=account(sandbox)) as agent,
    ):
        agent.until_watching()
        home.drop("contacts", "z-first.csv", contacts(1, name="Old"))
        agent.until(lambda: "claimed 'z-first.csv'" in agent.log)
        home.drop("contacts", "a-second.csv", contacts(1, name="New"))
        agent.until(lambda: len(home.reports) == 2)
        assert sandbox.account.contacts["customer0@example.com"]["_name"] == "New"
