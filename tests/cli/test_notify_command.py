"""``notify``: shows who is told, and tries it."""

from tests.cli.conftest import Command
from tests.processes import Home
from tests.sinks import Sink


def test_it_shows_who_is_told_of_what(home: Home, command: Command) -> None:
    """Without sending anything, and without passwords."""
    with Sink() as sink:
        told = command(
            "notify", "--home", home.path,
            AGENT_NOTIFY=f"{sink.address} mailto://shop:Hidden-Word-2@mail.example.com",
            AGENT_NOTIFY_ON="held, failed",
            AGENT_EXPECT="products every 24h; contacts by 07:00",
        )  # fmt: skip
    assert told.exit_code == 0
    assert sink.calls == 0
    assert told.out.splitlines() == [
        "Messages go to:  json://127.0.0.1, mailto://mail.example.com",
        "They tell of:    failed, held",
        "Expected:        products every 24h",
        "Expected:        contacts by 07:00",
        "Try it with:     dropbox-agent notify --test",
    ]


def test_a_test_reaches_every_channel(home: Home, command: Command) -> None:
    """It says which home it comes from."""
    with Sink() as one, Sink() as two:
        told = command(
            "notify", "--test", "--home", home.path, AGENT_NOTIFY=f"{one.address}, {two.address}"
        )
    assert told.exit_code == 0
    assert told.out == "json://127.0.0.1  taken\njson://127.0.0.1 (2)  taken\n"
    assert one.titles == two.titles
    assert str(home.path) in one.messages[0]["message"]


def test_a_channel_that_takes_nothing_is_told_with_1(home: Home, command: Command) -> None:
    """The others are tried all the same."""
    with Sink(401) as bad, Sink() as good:
        told = command(
            "notify", "--test", "--home", home.path, AGENT_NOTIFY=f"{bad.address} {good.address}"
        )
    assert told.exit_code == 1
    assert told.out.startswith("json://127.0.0.1  NOT TAKEN: ")
    assert "401" in told.out
    assert "Hidden-Word-1" not in told.out + told.err
    assert len(good.messages) == 1


def test_without_channels_it_says_what_to_write(home: Home, command: Command) -> None:
    """An address, with an example."""
    told = command("notify", "--test", "--home", home.path)
    assert told.exit_code == 78
    assert "AGENT_NOTIFY=mailtos://" in told.err


def test_an_address_that_means_nothing_is_a_fault_of_the_settings(
    home: Home, command: Command
) -> None:
    """It is told by its scheme alone."""
    told = command("notify", "--home", home.path, AGENT_NOTIFY="slack://Hidden-Word-1")
    assert told.exit_code == 78
    assert "slack://" in told.err
    assert "Hidden" not in told.err
