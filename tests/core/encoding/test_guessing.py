"""What text may be that is not UTF-8: named where it is clear, offered where it is not."""

import pytest

from dropbox_agent.core.encoding.guessing import MOST_OFFERED, guess

GERMAN = ("Jürgen Großmann", "Schäfer", "Köln", "Müller", "Straße 5", "Österreich", "für Bärbel")
POLISH = ("Łukasz Żółć", "Małgorzata Święch", "Źdźbło", "Wałęsa")
JAPANESE = ("山田太郎", "東京都", "カタカナ", "大阪府")
RUSSIAN = ("Иван Петров", "Мария Смирнова")
PRICES = ("10 €", "12,50 €")


def cells(words: tuple[str, ...], encoding: str) -> list[bytes]:
    """Write words as a program would that knows of no UTF-8."""
    return [word.encode(encoding) for word in words]


@pytest.mark.parametrize(
    ("words", "encoding", "name", "shown"),
    [
        (GERMAN, "cp1252", "windows-1252", "'Jürgen'"),
        (GERMAN, "latin-1", "windows-1252", "'Jürgen'"),
        (GERMAN, "mac_roman", "mac-roman", "'Jürgen'"),
        (GERMAN, "cp850", "cp850", "'Jürgen'"),
        (("Müller",), "cp1252", "windows-1252", "'Müller'"),
        (("Zoë", "Müller"), "cp1252", "windows-1252", "'Zoë'"),
        (PRICES, "cp1252", "windows-1252", "'€'"),
        (("5 €",), "cp1252", "windows-1252", "'€'"),
        (POLISH, "cp1250", "windows-1250", "'Łukasz'"),
        (POLISH, "iso8859_2", "iso-8859-2", "'Łukasz'"),
        (RUSSIAN, "cp1251", "windows-1251", "'Иван'"),
        (JAPANESE, "shift_jis", "shift-jis", "'山田太郎'"),
    ],
)
def test_what_is_clear_is_named(
    words: tuple[str, ...], encoding: str, name: str, shown: str
) -> None:
    """With a word by which a person can see that it is right."""
    guessed = guess(cells(words, encoding))
    assert guessed.is_sure
    assert guessed.readings[0] == (name, shown)


@pytest.mark.parametrize(
    ("words", "encoding", "name"),
    [
        (("crème brûlée",), "cp1252", "windows-1252"),
        (("Őri Tűzoltó",), "cp1250", "windows-1250"),
        (("Γιώργος Παπαδόπουλος",), "cp1253", "windows-1253"),
        (("Şükrü Öztürk",), "cp1254", "windows-1254"),
        (("山田",), "shift_jis", "shift-jis"),
    ],
)
def test_what_is_not_clear_is_offered(words: tuple[str, ...], encoding: str, name: str) -> None:
    """A few readings of the same word, all different, the right one among them."""
    guessed = guess(cells(words, encoding))
    assert not guessed.is_sure
    assert name in {each.encoding for each in guessed.readings}
    shown = [each.word for each in guessed.readings]
    assert len(set(shown)) == len(shown) <= MOST_OFFERED


def test_a_word_is_shown_that_makes_a_difference() -> None:
    """Not the first one, when that reads alike in both encodings."""
    words = [each.word for each in guess(cells(("José", "crème"), "cp1252")).readings]
    assert words == ["'crème'", "'crčme'"]


def test_noise_is_called_nothing() -> None:
    """Nobody is led to declare an encoding for a file that is damaged."""
    noise = [bytes((7 * n * n + 31 * m) % 256 for n in range(1, 40)) for m in range(40)]
    assert guess(noise).readings == ()
