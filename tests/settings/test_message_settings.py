"""Tests for the settings of messages and expected files."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from dropbox_agent.core.digest import Topic
from dropbox_agent.core.expecting import By, Every, Expectation
from dropbox_agent.core.kind import Kind
from dropbox_agent.settings import BadSettings, Settings, read_settings
from dropbox_agent.settings.groups.messages import MessageSettings

MAIL = "mailtos://shop:hidden-word-1@mail.example.com?to=a@example.com,b@example.com"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#ops"


def read(home: Path, **settings: str) -> Settings:
    """Read settings from the environment."""
    return read_settings(home, settings)


def wrong(home: Path, **settings: str) -> str:
    """Return all that is said of settings that cannot be used."""
    with pytest.raises(BadSettings) as told:
        read_settings(home, settings)
    return told.value.message


class TestChannels:
    """AGENT_NOTIFY."""

    @pytest.mark.parametrize("between", [" ", ",", ", ", " , ", "  "])
    def test_several_stand_behind_one_another(self, tmp_path: Path, between: str) -> None:
        """A comma inside an address stays part of it."""
        settings = read(tmp_path, AGENT_NOTIFY=f"{MAIL}{between}{SLACK}")
        assert settings.channels == (MAIL, SLACK)

    def test_they_are_read_from_agent_env_as_they_are(self, tmp_path: Path) -> None:
        """Also with a # in them."""
        (tmp_path / "agent.env").write_text(f"AGENT_NOTIFY={SLACK} {MAIL}\n", encoding="utf-8")
        assert read(tmp_path).channels == (SLACK, MAIL)

    def test_they_are_secrets(self, tmp_path: Path) -> None:
        """Neither settings nor the log show them, and the key stays one."""
        settings = read(tmp_path, AGENT_NOTIFY=MAIL, CONNECTIF_API_KEY="some-id:some-secret")
        assert "hidden-word-1" not in repr(settings)
        assert {MAIL, "hidden-word-1", "some-secret"} <= set(settings.secrets)

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("hooks.example.com/hidden-word-1", "the address does not begin with a scheme and ://"),
            (f"{MAIL}&name=Hidden Word", "there is a space in the address (mailtos://)"),
            (f"{MAIL} {SLACK} hidden", "there is a space in address 2 (slack://)"),
            (f"{MAIL}\x07", "there is a control character in the address (mailtos://)"),
        ],
    )
    def test_a_fault_shows_nothing_but_the_scheme(
        self, tmp_path: Path, text: str, told: str
    ) -> None:
        """And an example of what to write."""
        message = wrong(tmp_path, AGENT_NOTIFY=text)
        assert told in message
        assert "Write: AGENT_NOTIFY=mailtos://" in message
        assert "idden" not in message
        assert "TIiaj" not in message


class TestTopics:
    """AGENT_NOTIFY_ON."""

    def test_all_unless_said_otherwise(self, tmp_path: Path) -> None:
        """With commas, spaces or both."""
        assert read(tmp_path).notify_on == set(Topic)
        settings = read(tmp_path, AGENT_NOTIFY_ON="Failed,held  missing")
        assert settings.notify_on == {Topic.FAILED, Topic.HELD, Topic.MISSING}

    def test_words_that_mean_nothing_are_told_with_those_that_do(self, tmp_path: Path) -> None:
        """All of them at once."""
        told = wrong(tmp_path, AGENT_NOTIFY_ON="failed, hold, lost")
        assert "'hold', 'lost': there is no such word; there are failed, rejected" in told


class TestExpectations:
    """AGENT_EXPECT."""

    @pytest.mark.parametrize(
        ("text", "kind", "pattern", "rhythm"),
        [
            ("products every 24h", Kind.PRODUCTS, None, Every(timedelta(hours=24))),
            ("Products EVERY 30 m", Kind.PRODUCTS, None, Every(timedelta(minutes=30))),
            ("vouchers/Spring sale/*.csv every 7d", Kind.VOUCHERS, "Spring sale/*.csv",
             Every(timedelta(days=7))),
            ("contacts/crm-*.csv by 07:00", Kind.CONTACTS, "crm-*.csv", By((time(7),))),
            ("contacts by 7:00 mon-fri", Kind.CONTACTS, None,
             By((time(7),), frozenset(range(5)))),
            ("contacts by 19:00, 07:30 sat-mon,wed", Kind.CONTACTS, None,
             By((time(7, 30), time(19)), frozenset({5, 6, 0, 2}))),
            ("contacts/by every/x by day.csv by 07:00", Kind.CONTACTS, None, None),
            ("contacts/stand by me.csv every 24h", Kind.CONTACTS, "stand by me.csv",
             Every(timedelta(hours=24))),
            ("vouchers/every day/by *.csv by 07:00", Kind.VOUCHERS, "every day/by *.csv",
             By((time(7),))),
        ],
    )  # fmt: skip
    def test_what_can_be_written(
        self, tmp_path: Path, text: str, kind: Kind, pattern: str | None, rhythm: Every | By | None
    ) -> None:
        """A kind, perhaps a pattern, and how often or by when."""
        if rhythm is None:
            assert "only inbox/vouchers has folders" in wrong(tmp_path, AGENT_EXPECT=text)
            return
        (found,) = read(tmp_path, AGENT_EXPECT=f"{text};").expect
        assert found == Expectation(text, kind, pattern, rhythm)

    def test_several_are_divided_by_semicolons(self, tmp_path: Path) -> None:
        """The example of the template is one that works; twice the same is once."""
        meaning = str(MessageSettings.model_fields["expect"].description)
        example = meaning.partition("such as ")[2].partition(". ")[0]
        settings = read(tmp_path, AGENT_EXPECT=f"{example}; products  every 24h")
        assert [each.text for each in settings.expect] == example.split("; ")

    def test_all_that_is_wrong_is_told_at_once(self, tmp_path: Path) -> None:
        """In plain words, each with what it is about, and an example of the whole."""
        faults = {
            "product every 24h": "'product' is no inbox; products perhaps?",
            "files every 24h": "'files' is no inbox; there are contacts, products, vouchers.",
            "products": "it does not say every how long, or by when, such as every 24h.",
            "products/ every 24h": "there is no file name behind products/, such as",
            "products/a/*.csv every 24h": "only inbox/vouchers has folders",
            "products every day": "'day' is no length of time such as 30m, 24h or 7d.",
            "products every 0h": "'0h' is no length of time",
            "products by 25:00": "'25:00' is no time of day such as 07:00",
            "products by 07:00 weekdays": "'weekdays' is no day such as mon, or mon-fri.",
        }
        told = wrong(tmp_path, AGENT_EXPECT="; ".join(faults))
        for text, fault in faults.items():
            assert f"'{text}': {fault}" in told
        assert "Write: AGENT_EXPECT=products every 24h; contacts/crm-*.csv by 07:00" in told
