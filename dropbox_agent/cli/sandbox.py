"""``sandbox``: the local double of Connectif on its own."""

import click

from dropbox_agent.errors import BadConfiguration


@click.command(short_help="Run a local double of Connectif's import API.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option(
    "--rows-per-second",
    type=click.FloatRange(min=0, min_open=True),
    default=50_000,
    show_default=True,
    help="How fast rows are imported.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="FAULT",
    help="Something that shall go wrong, such as POST:reset-after-accept or GET:503*3. May be "
    "given several times.",
)
@click.option("--list-faults", is_flag=True, help="List the faults there are, and end.")
def sandbox(
    port: int, rows_per_second: float, faults: tuple[str, ...], *, list_faults: bool
) -> None:
    """Run a local double of Connectif's import API until Ctrl-C.

    It follows the documented rules: keys, limits, statuses, row errors. Rows go into an account
    in memory, which is empty again at the next start. Any client can be tried against it.
    """
    from dropbox_agent.adapters.bell import Bell
    from dropbox_agent.adapters.signals import stop_on_signals
    from dropbox_agent.sandbox import DEFAULT_COUPON_SET, Sandbox, SandboxOptions
    from dropbox_agent.sandbox import faults as known

    if list_faults:
        click.echo(known.__doc__)
        return
    options = SandboxOptions(port=port, rows_per_second=rows_per_second)
    try:
        double = Sandbox(options, faults=faults, log=lambda line: click.echo(line, err=True))
    except ValueError as error:
        raise BadConfiguration(
            str(error), hint="See: dropbox-agent sandbox --list-faults", code="bad-fault"
        ) from error
    with double:
        click.echo(f"A double of Connectif's import API listens at {double.url}")
        click.echo("To let an agent use it, set:")
        click.echo(f"  CONNECTIF_API_URL={double.url}")
        click.echo(f"  CONNECTIF_API_KEY={double.api_key}")
        click.echo(f"  VOUCHERS_COUPON_SET={DEFAULT_COUPON_SET}")
        click.echo("Ctrl-C ends it.")
        bell = Bell()
        with stop_on_signals(bell.ring):
            while not bell.wait(timeout_seconds=3600):
                pass
        click.echo("Stopped.", err=True)
