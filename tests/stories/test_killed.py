"""The agent is killed without warning; the next start brings every file to its end, once."""

from dropbox_agent.sandbox import DEFAULT_COUPON_SET, Sandbox, SandboxOptions
from tests.drops import contacts, vouchers
from tests.processes import UNHURRIED, Home, Program, account
from tests.relays import StallingRelay

LISTED = ("GET", "/imports/")


def test_killed_while_an_import_is_followed_the_file_is_not_sent_again(home: Home) -> None:
    """The next start goes on asking about the import that it finds in the journal."""
    slow = SandboxOptions(rows_per_second=40, requests_per_minute=None)
    with Sandbox(slow) as sandbox:
        home.drop("contacts", "slow.csv", contacts(80))
        with Program(home, "run", settings=account(sandbox)) as agent:
            agent.until(lambda: sandbox.requests.get(LISTED, 0) >= 2)  # once before sending
        assert home.claimed == ["slow.csv"]

        with Program(home, "run", settings=account(sandbox)) as agent:
            agent.until(lambda: home.reports)
        assert len(sandbox.imports) == 1
    assert home.reports["slow.csv"].outcome == "imported"
    assert home.reports["slow.csv"].payload == contacts(80)


def test_killed_in_the_middle_of_an_upload_the_file_is_imported_once(home: Home) -> None:
    """No fragment is imported; the next start sends the whole file."""
    with Sandbox(UNHURRIED) as sandbox:
        home.drop("vouchers", "codes.csv", vouchers(20_000))
        with StallingRelay(sandbox.url, most_bytes=64 * 1024) as relay:
            with Program(home, "run", settings=account(sandbox, relay.url)) as agent:
                agent.until(relay.stalled.is_set)
            assert sandbox.account.coupon_sets[DEFAULT_COUPON_SET].codes == set()

        with Program(home, "run", settings=account(sandbox)) as agent:
            agent.until(lambda: home.reports)
        assert [each.rows for each in sandbox.imports] == [20_000]
    assert home.reports["codes.csv"].outcome == "imported"


def test_killed_before_the_answer_to_an_upload_comes_the_file_is_imported_once(
    home: Home,
) -> None:
    """The next start finds the import in the server's list and takes it for its own."""
    with Sandbox(UNHURRIED, faults=["POST:slow=600"]) as sandbox:
        home.drop("vouchers", "codes.csv", vouchers(50))
        with Program(home, "run", settings=account(sandbox)) as agent:
            agent.until(lambda: sandbox.imports)

        with Program(home, "run", settings=account(sandbox)) as agent:
            agent.until(lambda: home.reports)
        assert len(sandbox.imports) == 1
    assert home.reports["codes.csv"].outcome == "imported"


def test_killed_after_the_answer_to_an_upload_was_lost_the_file_is_imported_once(
    home: Home,
) -> None:
    """A reset connection, a list that lags and a kill together do not make it send twice."""
    faults = ["late-visible=2", "POST:reset-after-accept"]
    with Sandbox(UNHURRIED, faults=faults) as sandbox:
        patient = account(sandbox) | {"AGENT_UNKNOWN_GRACE_SECONDS": "20"}
        home.drop("vouchers", "codes.csv", vouchers(50))
        with Program(home, "run", settings=patient) as agent:
            agent.until(lambda: sandbox.imports)

        with Program(home, "run", settings=patient) as agent:
            agent.until(lambda: home.reports)
        assert len(sandbox.imports) == 1
    assert home.reports["codes.csv"].outcome == "imported"
