"""``doctor``: tries everything that the agent depends on, and says how to mend each fault."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from dropbox_agent.cli.drawing import show, table
from dropbox_agent.cli.home import at_home, home_option
from dropbox_agent.core.diagnosis import Finding, Verdict, worst
from dropbox_agent.core.report import Json
from dropbox_agent.core.telling import count

STYLES = {
    Verdict.OK: "green",
    Verdict.UNKNOWN: "dim",
    Verdict.WARNING: "yellow",
    Verdict.FAULT: "bold red",
}


@click.command(short_help="Try everything the agent depends on; say how to mend each fault.")
@home_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.option("--offline", is_flag=True, help="Leave the network and the API key untried.")
@click.option(
    "--user",
    metavar="NAME",
    help="Try all of it as this user, such as the one the service runs as. On Linux, for root.",
)
def doctor(home: Path, *, as_json: bool, offline: bool, user: str | None) -> int:
    """Try folders, renames, mounts, rights, limits, key, network and clock of a home.

    Each check has a verdict (ok, warning, fault, cannot tell), what was found, and how to mend it.
    Nothing is changed: files made for a try have names that agents leave alone, and are removed.
    Works while an agent runs. Ends with 1 if there is a fault.
    """
    from dropbox_agent.adapters.examination import as_user, stored_credentials, user_name
    from dropbox_agent.inspection.doctor import examine_home

    stored_keys = stored_credentials()  # here, as the other user may not look there

    def examine() -> list[Json]:
        found = examine_home(home, os.environ, offline=offline, stored_keys=stored_keys)
        return [each.to_json() for each in found]

    home = home.absolute()
    told = as_user(user, examine) if user else examine()
    findings = [
        Finding(each["check"], Verdict(each["verdict"]), each["found"], at_home(each["mend"], home))
        for each in told
    ]
    if as_json:
        _print_json(findings, {"home": str(home), "user": user or user_name(), "offline": offline})
    else:
        _draw(findings, Console(highlight=False))
    return 1 if worst(findings) is Verdict.FAULT else 0


def _print_json(findings: Sequence[Finding], about: Json) -> None:
    found = [each.to_json() for each in findings]
    told = about | {"verdict": worst(findings).value, "findings": found}
    click.echo(json.dumps(told, indent=2))


def _draw(findings: Sequence[Finding], console: Console) -> None:
    rows = [
        {
            "verdict": Text(each.verdict, STYLES[each.verdict]),
            "check": Text(each.check),
            "found": _words(each),
        }
        for each in findings
    ]
    show(table(rows), console)
    faults, warnings = (
        sum(each.verdict is verdict for each in findings)
        for verdict in (Verdict.FAULT, Verdict.WARNING)
    )
    style = STYLES[worst(findings)] if faults or warnings else "green"
    show(Text(f"\n{_counted(faults, warnings, len(findings))}", style), console)


def _words(finding: Finding) -> Text:
    if not finding.mend:
        return Text(finding.found)
    return Text.assemble(finding.found, "\n", ("Mend: ", "bold"), finding.mend)


def _counted(faults: int, warnings: int, checks: int) -> str:
    if not (faults or warnings):
        return f"{count(checks, 'checks')}, no fault."
    return f"{count(checks, 'checks')}: {count(faults, 'faults')}, {count(warnings, 'warnings')}."
