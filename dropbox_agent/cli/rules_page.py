"""Prints the page on all rules: ``python -m dropbox_agent.cli.rules_page > docs/checks.md``."""

import click

from dropbox_agent.core.checking.page import rules_page

if __name__ == "__main__":
    click.echo(rules_page(), nl=False)
