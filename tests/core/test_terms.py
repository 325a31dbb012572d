"""What an account imports under, and the reason a rejected file is given."""

import pytest

from dropbox_agent.core.coupon_sets import CouponSet
from dropbox_agent.core.imports import ImportOptions
from dropbox_agent.core.issue import FileFacts, Issue, Severity, Verdict
from dropbox_agent.core.job import Reason
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.terms import Terms, reason_for

SPRING, DEFAULT = "5f0c6a1b2c3d4e5f60718293", "ABCDEF1b2c3d4e5f60718293"

TERMS = Terms(
    {
        Kind.CONTACTS: ImportOptions(update_only_empty_fields=True),
        Kind.PRODUCTS: ImportOptions(override_existing=False),
        Kind.VOUCHERS: ImportOptions(),
    },
    default_set=DEFAULT,
)


def test_each_kind_has_its_own_options() -> None:
    """Only the delimiter is the file's."""
    assert TERMS.options(Kind.CONTACTS, None, ";") == ImportOptions(
        ";", update_only_empty_fields=True
    )
    assert TERMS.options(Kind.PRODUCTS, None, ",") == ImportOptions(",", override_existing=False)


def test_vouchers_go_into_the_set_of_their_folder() -> None:
    """Or else into the default one."""
    assert TERMS.options(Kind.VOUCHERS, SPRING, ",") == ImportOptions(coupon_set=SPRING)
    assert TERMS.options(Kind.VOUCHERS, None, ",") == ImportOptions(coupon_set=DEFAULT)


def test_other_kinds_know_no_set() -> None:
    """Wherever they lie."""
    assert TERMS.options(Kind.CONTACTS, SPRING, ",") == ImportOptions(update_only_empty_fields=True)


def test_vouchers_without_a_set_are_not_sent() -> None:
    """The reason says both ways to name one."""
    reason = Terms(TERMS.kinds).options(Kind.VOUCHERS, None, ",")
    assert isinstance(reason, Reason)
    assert reason.code == "coupon-set-missing"
    assert "VOUCHERS_COUPON_SET" in reason.hint
    assert "inbox/vouchers/" in reason.hint


def test_with_the_accounts_sets_a_folder_may_go_by_a_name() -> None:
    """So may the default set; an unknown one is told."""
    sets = (CouponSet(SPRING, "Spring", "multiple"),)
    assert TERMS.options(Kind.VOUCHERS, "spring", ",", sets) == ImportOptions(coupon_set=SPRING)
    named = Terms(TERMS.kinds, "Spring")
    assert named.options(Kind.VOUCHERS, None, ",", sets) == ImportOptions(coupon_set=SPRING)
    reason = TERMS.options(Kind.VOUCHERS, None, ",", sets)
    assert isinstance(reason, Reason)
    assert reason.code == "coupon-set-unknown"


@pytest.mark.parametrize(
    "folder", ["spring", SPRING[:-1], f"{SPRING}0", f"{SPRING[:-1]}g", "ü" * 24]
)
def test_a_folder_that_is_no_set_is_not_sent_to(folder: str) -> None:
    """The default set would be the wrong one."""
    reason = TERMS.options(Kind.VOUCHERS, folder, ",")
    assert isinstance(reason, Reason)
    assert reason.code == "coupon-set-unknown"
    assert f"'{folder}'" in reason.message


def fault(
    severity: Severity = Severity.ERROR,
    *,
    code: str = "some-fault",
    line: int | None = None,
    column: str | None = None,
) -> Issue:
    """Make a fault."""
    return Issue(code, severity, "It is wrong.", "Mend it.", line, column)


def verdict(*issues: Issue, errors: int = 1) -> Verdict:
    """Make the verdict on a rejected file."""
    return Verdict(FileFacts(bytes=10, sha256="0" * 64), issues, errors=errors)


@pytest.mark.parametrize(
    ("issue", "message"),
    [
        (fault(), "It is wrong."),
        (fault(line=3), "Line 3: It is wrong."),
        (fault(column="_email"), "Column '_email': It is wrong."),
        (fault(line=3, column="_email"), "Line 3, column '_email': It is wrong."),
    ],
)
def test_a_rejection_names_the_place_of_its_fault(issue: Issue, message: str) -> None:
    """As far as there is one."""
    assert reason_for(verdict(issue)) == Reason("some-fault", message, "Mend it.")


def test_a_rejection_is_for_the_first_error() -> None:
    """A warning is no reason, wherever it stands."""
    warning = fault(Severity.WARNING, code="minor", line=1)
    reason = reason_for(verdict(warning, fault(line=2), fault(code="later", line=5), errors=2))
    assert (reason.code, reason.message[:7]) == ("some-fault", "Line 2:")


@pytest.mark.parametrize(
    ("errors", "more"),
    [(1, ""), (2, " There is 1 more fault."), (3001, " There are 3000 more faults.")],
)
def test_a_rejection_says_how_many_more_faults_there_are(errors: int, more: str) -> None:
    """Also of those that are only counted."""
    assert reason_for(verdict(fault(), errors=errors)).message == f"It is wrong.{more}"
