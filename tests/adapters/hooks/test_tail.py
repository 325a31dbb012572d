"""Of what a process prints the end is kept, whoever holds on to its output."""

import os

from dropbox_agent.adapters.hooks.tail import KEPT_BYTES, Tail


def test_all_that_was_printed_before_the_end_is_there() -> None:
    """Also what nobody had read by then."""
    with Tail() as tail:
        os.write(tail.into, b"first\n")
        os.write(tail.into, b"last\n")
    assert tail.text == "first\nlast\n"


def test_of_much_only_the_end_is_kept() -> None:
    """Whoever prints never waits."""
    with Tail() as tail:
        for number in range(2_000):
            os.write(tail.into, b"x" * 1_000 + b"%d\n" % number)
    assert len(tail.text) == KEPT_BYTES
    assert tail.text.endswith("x1999\n")


def test_it_ends_while_others_hold_the_output_open() -> None:
    """What they print later is theirs to lose."""
    with Tail() as tail:
        other = os.dup(tail.into)
        os.write(other, b"before")
    assert tail.text == "before"
    try:
        os.write(other, b"after")
    except BrokenPipeError:
        pass
    finally:
        os.close(other)
    assert tail.text == "before"


def test_what_is_no_text_is_replaced() -> None:
    """The log is text."""
    with Tail() as tail:
        os.write(tail.into, b"gr\xfc\xdfe")
    assert tail.text == "gr\N{REPLACEMENT CHARACTER}" + "\N{REPLACEMENT CHARACTER}e"


def test_it_may_be_closed_twice() -> None:
    """The second time there is nothing left to do."""
    with Tail() as tail:
        tail.close()
        assert tail.text == ""
