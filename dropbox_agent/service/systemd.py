"""The agent as a service of systemd."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dropbox_agent.errors import BadConfiguration
from dropbox_agent.service.commands import Run, not_written, run_command, write_whole
from dropbox_agent.service.plan import Plan
from dropbox_agent.service.unit import running_units, unit_name, unit_text

FOLDER: Final = Path("/etc/systemd/system")
"""Where units of the administrator go (systemd.unit(5))."""

SHOWN: Final = "Id,UnitFileState,ActiveState,SubState,StatusText,NRestarts,Result"


class SystemdService:
    """One unit, or a template and its instances."""

    def __init__(self, plan: Plan, folder: Path = FOLDER, run: Run = run_command) -> None:
        """Take what it is to be like, where units lie, and what runs ``systemctl``."""
        self._plan = plan
        self._folder = folder
        self._run = run

    def text(self) -> str:
        """Write the unit."""
        return unit_text(self._plan)

    def install(self) -> Iterator[str]:
        """Write the unit, have it started with the machine, and start it now."""
        path = self._folder / unit_name(self._plan)
        write_whole(path, self.text().encode())
        yield f"wrote    {path}"
        self._run("systemctl", "daemon-reload")
        for unit in running_units(self._plan):
            self._run("systemctl", "enable", unit)
            yield f"enabled  {unit}"
            self._run("systemctl", "restart", unit)
            yield f"started  {unit}"

    def uninstall(self) -> Iterator[str]:
        """Stop and remove what goes by the name; with instances only stop these."""
        found = self._found()
        if self._plan.instances:
            for unit in running_units(self._plan):
                self._run("systemctl", "disable", "--now", unit)
                yield f"stopped  {unit}"
            return
        for path in found:
            self._run("systemctl", "stop", path.name.replace("@.", "@*."))
            self._run("systemctl", "disable", path.name)
            yield f"stopped  {path.name}"
            try:
                path.unlink()
            except OSError as error:
                raise not_written(path, error) from error
            yield f"removed  {path}"
        self._run("systemctl", "daemon-reload")

    def show(self) -> Iterator[str]:
        """Tell what is installed, and what systemd says of it."""
        for path in self._found():
            yield f"# {path}"
            yield path.read_text(encoding="utf-8")
            pattern = path.name.replace("@.", "@*.")
            yield self._run("systemctl", "show", f"--property={SHOWN}", pattern)

    def _found(self) -> list[Path]:
        """Find the units of this name: the one, the template, or both."""
        name = self._plan.name
        units = [self._folder / f"{name}{each}.service" for each in ("", "@")]
        found = [each for each in units if each.is_file()]
        if not found:
            raise BadConfiguration(
                f"There is no unit {' or '.join(map(str, units))}.",
                hint="Name the service with --name if it is called otherwise; dropbox-agent "
                "service install makes one.",
                code="service-not-installed",
            )
        return found
