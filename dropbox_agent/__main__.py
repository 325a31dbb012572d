"""Where the program begins, as ``dropbox-agent`` and as ``python -m dropbox_agent``."""

import sys

INTERRUPTED = 130
"""What shells return for a program that Ctrl-C has ended."""


def main() -> None:
    """Run the command line. Ctrl-C is minded from the first import on: those take a moment."""
    try:
        from dropbox_agent.cli import exit_code

        sys.exit(exit_code())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
