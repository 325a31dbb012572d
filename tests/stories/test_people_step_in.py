"""People mend what an agent that runs cannot mend itself, and it goes on without a restart."""

import json
from typing import Any

import requests

from dropbox_agent.sandbox import DEFAULT_COUPON_SET, Sandbox
from tests.drops import contacts, vouchers
from tests.processes import UNHURRIED, Home, Program, account

UNHURRIED_SEARCH = {"AGENT_BACKOFF_FLOOR_SECONDS": "1", "AGENT_BACKOFF_CEILING_SECONDS": "1"}
"""Leaves another program the time to import before the agent looks what became of its send."""


def write_key(home: Home, key: str) -> None:
    """Put a key into agent.env, as an editor does: into a new file that replaces the old one."""
    path = home.path / "agent.env"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("CONNECTIF_API_KEY=")]
    new = path.with_name("agent.env~")
    new.write_text(f"CONNECTIF_API_KEY={key}\n{''.join(kept)}", encoding="utf-8")
    new.replace(path)


def status(home: Home) -> dict[str, Any]:
    """Ask for the status, as a person does beside the agent that runs."""
    with Program(home, "status", "--json") as program:
        assert program.exit_code() == 0, program.log
        found: dict[str, Any] = json.loads(program.printed)
        return found


def import_beside(sandbox: Sandbox, csv: bytes) -> str:
    """Import vouchers as another program with the same key does; return the import's id."""
    answer = requests.post(
        f"{sandbox.url}/imports/",
        headers={"Authorization": f"apiKey {sandbox.api_key}"},
        data={
            "type": "coupons",
            "delimiter": ",",
            "overrideExisting": "false",
            "updateOnlyEmptyFields": "false",
            "couponSetId": DEFAULT_COUPON_SET,
        },
        files={"file": ("theirs.csv", csv, "text/csv")},
        timeout=10,
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_refused_key_is_replaced_while_it_runs(home: Home) -> None:
    """It says that the key is refused, fails no file, and takes the new one without a restart."""
    with Sandbox(UNHURRIED) as sandbox:
        settings = account(sandbox)
        del settings["CONNECTIF_API_KEY"]
        write_key(home, "sandbox-key:revoked-secret")
        with Program(home, "run", settings=settings) as agent:
            home.drop("contacts", "people.csv", contacts(3))
            agent.until(lambda: "api-key-refused" in agent.log or "sending is paused" in agent.log)
            assert home.reports == {}

            write_key(home, sandbox.api_key)
            agent.until(lambda: home.reports)
            assert status(home)["running"]["pid"] == agent.pid
            for secret in ("revoked-secret", sandbox.api_key.partition(":")[2]):
                assert secret not in agent.log
        assert len(sandbox.imports) == 1
    assert home.reports["people.csv"].outcome == "imported"


def held(home: Home) -> list[str]:
    """List the jobs that the status says are held."""
    return [str(job["job"]) for job in status(home)["jobs"] if job["stage"] == "held"]


def wait_for_held(home: Home, agent: Program) -> str:
    """Wait until the status names the one job that is held; return its id."""
    agent.until(lambda: "held" in agent.log).until(lambda: held(home))
    (job,) = held(home)
    return job


def test_vouchers_are_accepted_by_command_while_it_runs(home: Home) -> None:
    """Told which import is theirs, it follows that one, and sends nothing again."""
    with Sandbox(UNHURRIED, faults=["POST:reset-after-accept"]) as sandbox:
        with Program(home, "run", settings=account(sandbox) | UNHURRIED_SEARCH) as agent:
            home.drop("vouchers", "codes.csv", vouchers(5))
            agent.until(lambda: sandbox.imports)
            import_beside(sandbox, vouchers(5).replace(b"SPRING", b"SUMMER"))
            job = wait_for_held(home, agent)

            ours = sandbox.imports[0].id
            with Program(home, "release", job, "--accept", ours) as command:
                assert command.exit_code() == 0, command.log
            agent.until(lambda: home.reports)
        assert len(sandbox.imports) == 2
    report = home.reports["codes.csv"]
    assert report.outcome == "imported"
    assert [each["id"] for each in report.content["imports"]] == [ours]


def test_vouchers_are_sent_again_by_command_while_it_runs(home: Home) -> None:
    """Told that none of the imports is theirs, it sends them, once."""
    with Sandbox(UNHURRIED, faults=["POST:reset-before"]) as sandbox:
        with Program(home, "run", settings=account(sandbox) | UNHURRIED_SEARCH) as agent:
            home.drop("vouchers", "codes.csv", vouchers(5))
            agent.until(lambda: sandbox.requests.get(("POST", "/imports/"), 0))
            for season in (b"SUMMER", b"AUTUMN"):
                import_beside(sandbox, vouchers(5).replace(b"SPRING", season))
            job = wait_for_held(home, agent)

            with Program(home, "release", job, "--resend") as command:
                assert command.exit_code() == 0, command.log
            agent.until(lambda: home.reports)
        assert len(sandbox.imports) == 3
        assert len(sandbox.account.coupon_sets[DEFAULT_COUPON_SET].codes) == 15
    assert home.reports["codes.csv"].outcome == "imported"


def test_vouchers_are_given_up_by_command_while_it_runs(home: Home) -> None:
    """Told to leave them, it files them as failed, and sends nothing."""
    with Sandbox(UNHURRIED, faults=["POST:reset-before"]) as sandbox:
        with Program(home, "run", settings=account(sandbox) | UNHURRIED_SEARCH) as agent:
            home.drop("vouchers", "codes.csv", vouchers(5))
            agent.until(lambda: sandbox.requests.get(("POST", "/imports/"), 0))
            for season in (b"SUMMER", b"AUTUMN"):
                import_beside(sandbox, vouchers(5).replace(b"SPRING", season))
            job = wait_for_held(home, agent)

            with Program(home, "release", job, "--fail") as command:
                assert command.exit_code() == 0, command.log
            agent.until(lambda: home.reports)
        assert len(sandbox.imports) == 2
    report = home.reports["codes.csv"]
    assert (report.outcome, report.content["reason"]["code"]) == ("failed", "given-up")
    assert report.payload == vouchers(5)
