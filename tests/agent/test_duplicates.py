"""The same bytes again: skipped or imported once more, as the settings say, and never in doubt."""

import pytest

from dropbox_agent.agent import Rules
from dropbox_agent.core.decisions import Choice, Decision
from dropbox_agent.core.duplicates import Duplicates
from dropbox_agent.core.imports import Import, ImportId, ImportOptions, OutcomeUnknown, SendAnswer
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.nets import SafetyNets
from dropbox_agent.core.ordering import Order
from dropbox_agent.errors import TryLater
from tests.drops import contacts, vouchers
from tests.fakes import Turn, answer_with
from tests.homes import Home
from tests.promises import breaches

SET, OTHER_SET = "61fa54f238319b3bf1990fdc", "71fa54f238319b3bf1990fdc"
CODES = vouchers(3)


def lose_answer_beside_others(home: Home) -> Turn:
    """Lose an answer while somebody else imports the like twice: nothing tells which is ours."""

    def turn(accept: object) -> SendAnswer:  # noqa: ARG001 - not accepted
        for _ in range(2):
            other: Import = home.api.start_in_app(Kind.VOUCHERS, rows=3)
            home.api.claim(other.id, origin="api", options=ImportOptions(coupon_set=SET))
        return OutcomeUnknown(TryLater("It is not known.", hint="Look.", code="network-down"))

    return turn


@pytest.fixture(autouse=True)
def _skip_vouchers(home: Home) -> None:
    """Skip duplicates of vouchers, as without a setting."""
    home.duplicates = Duplicates({Kind.VOUCHERS})
    home.start()


def drop(home: Home, name: str, content: bytes = CODES, folder: str = SET) -> None:
    """Drop vouchers, and let the agent come to rest."""
    home.drop(Kind.VOUCHERS, name, content, folder)
    home.rest()


def say(home: Home, columns: str) -> None:
    """Say what the columns of the vouchers are called."""
    folder = home.folders.inbox / "vouchers"
    folder.mkdir(exist_ok=True)
    (folder / "columns.toml").write_text(columns, encoding="utf-8")


def test_the_same_vouchers_again_are_not_sent(home: Home) -> None:
    """They lie in processed, and their report names the first one's."""
    drop(home, "codes.csv")
    drop(home, "codes-again.csv")
    first, second = home.report("codes.csv"), home.report("codes-again.csv")
    assert len(home.api.imports) == 1
    assert (second["outcome"], second["reason"]["code"]) == ("duplicate", "duplicate")
    assert second["duplicate_of"]["job"] == first["job"]
    assert (home.folders.processed / "vouchers" / second["duplicate_of"]["report"]).is_file()
    assert (second["imports"], second["totals"]["success"]) == ([], 0)
    assert breaches(home) == []


def test_contacts_are_imported_again(home: Home) -> None:
    """What was changed in Connectif meanwhile is set again: people resend files for that."""
    for name in ("a.csv", "b.csv"):
        home.drop(Kind.CONTACTS, name, contacts(3))
        home.rest()
    assert [home.report(name)["outcome"] for name in ("a.csv", "b.csv")] == ["imported"] * 2


def test_what_came_between_makes_it_no_duplicate(home: Home) -> None:
    """Only the last import counts: after another one the same bytes may change something."""
    for name, content in (("a", CODES), ("b", b"code\nOTHER\n"), ("c", CODES)):
        drop(home, f"{name}.csv", content)
    assert home.report("c.csv")["outcome"] == "imported"


def test_a_rejected_file_between_does_not_count(home: Home) -> None:
    """Nothing of it went in."""
    for name, content in (("a", CODES), ("b", b"coupon\nOTHER\n"), ("c", CODES)):
        drop(home, f"{name}.csv", content)
    assert home.report("b.csv")["outcome"] == "rejected"
    assert home.report("c.csv")["outcome"] == "duplicate"


def test_another_set_gets_the_same_codes(home: Home) -> None:
    """What goes into another set is no duplicate, and does not come between."""
    drop(home, "a.csv")
    drop(home, "b.csv", folder=OTHER_SET)
    drop(home, "c.csv")
    outcomes = [home.report(f"{each}.csv")["outcome"] for each in "abc"]
    assert outcomes == ["imported", "imported", "duplicate"]


BATCHES = b"batch,voucher\nB1,M\xfcnchen\nB2,Ulm\n"
AS_CODES = 'encoding = "cp1252"\ndrop = ["batch"]\n[columns]\nvoucher = "code"\n'


@pytest.mark.parametrize(
    "wrong",
    [
        'encoding = "cp1252"\ndrop = ["voucher"]\n[columns]\nbatch = "code"\n',
        AS_CODES.replace("cp1252", "cp1250"),
        AS_CODES.replace("cp1252", "cp850"),
    ],
)
def test_the_same_bytes_are_sent_again_where_something_else_comes_of_them(
    home: Home, wrong: str
) -> None:
    """A columns.toml that was wrong is corrected, and the file is dropped again."""
    say(home, wrong)
    drop(home, "wrong.csv", BATCHES)
    say(home, AS_CODES)
    drop(home, "right.csv", BATCHES)
    drop(home, "right-again.csv", BATCHES)
    outcomes = [home.report(f"{name}.csv")["outcome"] for name in ("wrong", "right", "right-again")]
    assert outcomes == ["imported", "imported", "duplicate"]
    assert home.api.sent[-1].content.decode() == "code\nMünchen\nUlm\n"


def test_another_constant_makes_it_another_import(home: Home) -> None:
    """What is added to each row is sent like the rest."""
    home.duplicates = Duplicates(set(Kind))
    home.start()
    for shop in ("north", "south", "south"):
        toml = f'[columns]\n"E-Mail" = "_email"\n[constants]\nshop = "{shop}"\n'
        (home.folders.inbox / "contacts" / "columns.toml").write_text(toml, encoding="utf-8")
        home.drop(Kind.CONTACTS, "people.csv", b"E-Mail\na@example.com\n")
        home.rest()
    assert [b"south" in each.content for each in home.api.sent] == [False, True]


def test_after_a_failed_import_the_same_file_is_sent(home: Home) -> None:
    """To drop it again is how people mend that."""
    home.api.faulty_rows = 3
    drop(home, "a.csv")
    assert home.report("a.csv")["outcome"] == "failed"
    home.api.faulty_rows = 0
    drop(home, "b.csv")
    assert home.report("b.csv")["outcome"] == "imported"


def test_an_archived_file_dropped_again_is_sent(home: Home) -> None:
    """Its name tells that somebody wants it imported once more."""
    drop(home, "codes.csv")
    drop(home, home.report("codes.csv")["file"]["archived_as"])
    again = next(r for _, r in home.reports() if r["follows"])
    assert again["outcome"] == "imported"
    assert len(home.api.imports) == 2


def test_a_file_that_a_person_releases_is_sent(home: Home) -> None:
    """It was held for another reason; that it is the last one again was there to be seen."""
    home.nets = SafetyNets(least_rows=0.5)
    home.start()
    for number in range(3):
        drop(home, f"{number}.csv", vouchers(10 + number))
    drop(home, "short.csv")
    assert home.stage("short.csv") is Stage.HELD
    home.journal.decide(Decision(home.job("short.csv").id, Choice.RESEND))
    home.run_for(1)
    home.rest()
    assert home.report("short.csv")["outcome"] == "imported"


def test_what_was_refused_of_the_first_import_is_told_of_its_duplicate(home: Home) -> None:
    """Its codes that went in shall not go in twice; who wants that after all is told how."""
    home.api.faulty_rows = 1
    drop(home, "codes.csv")
    drop(home, "codes-again.csv")
    first, second = home.report("codes.csv"), home.report("codes-again.csv")
    assert [first["outcome"], second["outcome"]] == ["partial", "duplicate"]
    assert first["reason"]["message"] in second["reason"]["message"]
    assert f"{first['file']['archived_as'][:-4]}.errors.csv" in second["reason"]["hint"]
    assert f"dropbox-agent retry {second['job']} --again" in second["reason"]["hint"]


def test_rows_of_which_nothing_is_known_are_told_of_the_duplicate(home: Home) -> None:
    """There are none to mend then, but a look at Connectif is due."""
    home.api.seconds_per_import = 20
    home.drop(Kind.VOUCHERS, "codes.csv", CODES, SET)
    home.run_until(lambda: home.api.imports)
    home.api.claim(home.api.imports[0].id, success=1)
    home.rest()
    drop(home, "codes-again.csv")
    reason = home.report("codes-again.csv")["reason"]
    assert "neither that they went in" in reason["message"]
    assert "Look at that import in Connectif" in reason["hint"]
    assert ".errors.csv" not in reason["hint"]


def test_a_twin_waits_for_what_is_held(home: Home) -> None:
    """People who see nothing happen drop a file again: that must not send it past the question."""
    home.api.next_create(lose_answer_beside_others(home))
    drop(home, "codes.csv")
    assert home.stage("codes.csv") is Stage.HELD
    home.drop(Kind.VOUCHERS, "codes-again.csv", CODES, SET)
    home.run_for(600)
    assert home.stage("codes-again.csv") is Stage.CHECKED
    theirs = ImportId(home.api.imports[0].id)
    home.journal.decide(Decision(home.job("codes.csv").id, Choice.ACCEPT, theirs))
    home.run_for(1)
    home.rest()
    outcomes = [home.report(name)["outcome"] for name in ("codes.csv", "codes-again.csv")]
    assert outcomes == ["imported", "duplicate"]


def test_a_twin_of_what_was_left_is_sent(home: Home) -> None:
    """Then nothing of it is in, as far as anybody knows."""
    home.api.next_create(lose_answer_beside_others(home))
    drop(home, "codes.csv")
    home.drop(Kind.VOUCHERS, "codes-again.csv", CODES, SET)
    home.run_for(60)
    home.journal.decide(Decision(home.job("codes.csv").id, Choice.FAIL))
    home.run_for(1)
    home.rest()
    assert home.report("codes-again.csv")["outcome"] == "imported"


@pytest.mark.parametrize("order", Order)
def test_twins_dropped_together_go_in_once(home: Home, order: Order) -> None:
    """Also where files of a kind need not wait for each other."""
    home.rules = Rules(order=order)
    home.api.seconds_per_import = 20
    home.start()
    for name in ("a.csv", "b.csv", "c.csv"):
        home.drop(Kind.VOUCHERS, name, CODES, SET)
    home.rest()
    outcomes = sorted(report["outcome"] for _, report in home.reports())
    assert outcomes == ["duplicate", "duplicate", "imported"]
    assert len(home.api.imports) == 1


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("folders", [(None, SET), (SET, None)])
def test_twins_for_one_set_go_in_once_wherever_they_lie(
    home: Home, order: Order, folders: tuple[str | None, str | None]
) -> None:
    """In the folder of the set, and beside it where that set is the one for all others."""
    home.rules, home.default_set = Rules(order=order), SET
    home.api.seconds_per_import = 20
    home.start()
    for name, folder in zip(("a.csv", "b.csv"), folders, strict=True):
        home.drop(Kind.VOUCHERS, name, CODES, folder)
    home.rest()
    outcomes = sorted(report["outcome"] for _, report in home.reports())
    assert outcomes == ["duplicate", "imported"]


def test_a_twin_in_the_folder_of_the_set_waits_for_what_is_held_beside_it(home: Home) -> None:
    """The question is the same one."""
    home.default_set = SET
    home.start()
    home.api.next_create(lose_answer_beside_others(home))
    home.drop(Kind.VOUCHERS, "codes.csv", CODES)
    home.rest()
    assert home.stage("codes.csv") is Stage.HELD
    home.drop(Kind.VOUCHERS, "codes-again.csv", CODES, SET)
    home.run_for(600)
    assert home.stage("codes-again.csv") is Stage.CHECKED


def test_a_paused_server_leaves_a_duplicate_a_duplicate(home: Home) -> None:
    """It waits its turn, and is skipped then."""
    drop(home, "a.csv")
    later = TryLater("Slower.", hint="Nothing to do.", code="rate-limited")
    home.api.next_create(answer_with(OutcomeUnknown(later)))
    drop(home, "b.csv")
    assert home.report("b.csv")["outcome"] == "duplicate"


def test_where_nothing_is_skipped_all_is_sent(home: Home) -> None:
    """AGENT_DUPLICATES=import."""
    home.duplicates = Duplicates()
    home.start()
    drop(home, "a.csv")
    drop(home, "b.csv")
    assert len(home.api.imports) == 2
