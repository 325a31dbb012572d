"""Tests for the digest: no storm, nothing told that is over, nothing lost without a number."""

from collections import Counter
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.backoff import Backoff
from dropbox_agent.core.digest import FIRST_SECONDS, MOST_KEPT, RETRY, Digest, News, Topic

SECONDS = 300.0


def news(key: str = "one", topic: Topic = Topic.HELD, *, is_over: bool = False) -> News:
    """Make news of something."""
    return News(topic, key, f"subject {key}", "detail", is_over=is_over)


@pytest.fixture
def digest() -> Digest:
    """Make a digest that has told nothing."""
    return Digest(SECONDS)


def keys(digest: Digest) -> list[str]:
    """Take what there is to tell, by its keys."""
    return [each.key for each in digest.take().news]


class TestWhen:
    """When the next message is due."""

    def test_without_news_never(self, digest: Digest) -> None:
        """Nobody is told that nothing has happened."""
        assert digest.due_at == inf

    def test_the_first_news_waits_a_little_for_more(self, digest: Digest) -> None:
        """Of forty files that fail together one message tells."""
        digest.add(news("one"), 1000.0)
        digest.add(news("two"), 1015.0)
        assert digest.due_at == 1000.0 + FIRST_SECONDS
        assert keys(digest) == ["one", "two"]

    def test_after_a_message_it_is_quiet_for_long(self, digest: Digest) -> None:
        """What comes in the meantime is told together."""
        digest.add(news("one"), 1000.0)
        digest.take()
        assert digest.due_at == inf
        digest.sent(1020.0)
        digest.add(news("two"), 1030.0)
        assert digest.due_at == 1020.0 + SECONDS

    def test_long_after_a_message_it_is_as_in_the_beginning(self, digest: Digest) -> None:
        """News is told within seconds."""
        digest.add(news("one"), 1000.0)
        digest.take()
        digest.sent(1020.0)
        digest.add(news("two"), 9000.0)
        assert digest.due_at == 9000.0 + FIRST_SECONDS

    def test_without_gathering_it_is_told_at_once(self) -> None:
        """AGENT_NOTIFY_DIGEST_SECONDS=0."""
        digest = Digest(0.0)
        digest.add(news(), 1000.0)
        assert digest.due_at == 1000.0

    def test_a_channel_that_takes_nothing_is_left_alone_longer_and_longer(
        self, digest: Digest
    ) -> None:
        """Until it takes a message."""
        digest.add(news("one"), 1000.0)
        for failures in (1, 2, 3):
            digest.take()
            digest.failed(2000.0)
            assert digest.due_at == 2000.0 + RETRY.wait_seconds(failures)
        digest.take()
        digest.sent(3000.0)
        digest.add(news("two"), 9000.0)
        digest.take()
        digest.failed(9100.0)
        assert digest.due_at == 9100.0 + RETRY.wait_seconds(1)


class TestWhat:
    """What the next message tells."""

    def test_what_is_over_before_it_was_told_is_not_told(self, digest: Digest) -> None:
        """Nobody need look any more."""
        digest.add(news("one"), 0.0)
        digest.add(news("one", is_over=True), 1.0)
        assert len(digest) == 0
        assert digest.due_at == inf

    def test_the_end_of_something_else_is_another_thing(self, digest: Digest) -> None:
        """The same key under another topic does not match."""
        digest.add(news("one"), 0.0)
        digest.add(news("one", Topic.PAUSED, is_over=True), 1.0)
        assert keys(digest) == ["one", "one"]

    def test_the_end_of_what_was_told_is_told(self, digest: Digest) -> None:
        """Also while the message of its beginning is on its way."""
        digest.add(news("one"), 0.0)
        digest.take()
        digest.add(news("one", is_over=True), 1.0)
        digest.sent(2.0)
        (told,) = digest.take().news
        assert told.is_over

    def test_a_message_that_was_not_taken_is_told_with_what_has_come_since(
        self, digest: Digest
    ) -> None:
        """And without what is over by then."""
        digest.add(news("one"), 0.0)
        digest.add(news("two"), 0.0)
        digest.take()
        digest.add(news("three"), 1.0)
        digest.add(news("one", is_over=True), 1.0)
        digest.failed(2.0)
        assert len(digest) == 2
        assert keys(digest) == ["two", "three"]

    def test_of_very_much_only_the_number_is_kept(self, digest: Digest) -> None:
        """However long a channel takes nothing."""
        for number in range(MOST_KEPT + 37):
            digest.add(news(str(number)), 0.0)
        digest.take()
        digest.failed(0.0)
        assert len(digest) == MOST_KEPT + 37
        batch = digest.take()
        assert len(batch.news) == MOST_KEPT
        assert batch.more == {Topic.HELD: 37}
        digest.sent(0.0)
        assert len(digest) == 0


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["begin", "end", "sent", "failed"]),
        st.sampled_from("abcd"),
        st.floats(0, 1000),
    ),
    max_size=60,
)


@given(actions=ACTIONS, seconds=st.floats(0, 600))
def test_whatever_happens_there_is_no_storm_and_people_know_how_things_stand(
    actions: list[tuple[str, str, float]], seconds: float
) -> None:
    """Messages keep their distance; with all told, the open troubles are the last ones told."""
    digest = Digest(seconds, Backoff(1.0, 10.0))
    now, sent_at = 0.0, -inf
    open_now: set[str] = set()
    told: Counter[str] = Counter()

    def send() -> None:
        for each in digest.take().news:
            told[each.key] += -1 if each.is_over else 1
        digest.sent(now)

    for what, key, later in actions:
        now += later
        if what == "begin" and key not in open_now:
            open_now.add(key)
            digest.add(news(key), now)
        elif what == "end" and key in open_now:
            open_now.discard(key)
            digest.add(news(key, is_over=True), now)
        elif digest.due_at <= now:
            if what == "failed":
                digest.take()
                digest.failed(now)
            else:
                assert now >= sent_at + seconds
                send()
                sent_at = now
    send()
    assert {key for key, times in told.items() if times} == open_now
    assert set(told.values()) <= {0, 1}
