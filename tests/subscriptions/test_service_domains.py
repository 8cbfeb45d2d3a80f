"""The domain of an institution and its managers."""

from datetime import timedelta

import pytest

from eventsapp.core import unit_of_work
from eventsapp.core.errors import NotFound
from eventsapp.subscriptions import queries, rules, service
from eventsapp.subscriptions.errors import NotNow, PublicDomain, SeatsTaken, WrongCode
from eventsapp.subscriptions.models import Contract, ReaderDomain
from tests.subscriptions.looking import mails_about
from tests.support.makers.readers import BUYER, found, invited, joined, make_institution, readership, seats
from tests.support.makers.study_days import NOW

SOMEBODY = "anne@ville.example"

pytestmark = pytest.mark.usefixtures("client", "frozen")


def code_in(text: str) -> str:
    """Return the code that a mail brings, on a line of its own."""
    return next(line for line in text.splitlines() if line.replace(" ", "").isdigit())


def asked(contract: Contract, email: str = "accueil@ville.example") -> tuple[ReaderDomain, str]:
    """Ask for a domain; return it and the code that was mailed."""
    with unit_of_work.transaction():
        domain = service.ask_domain(readership(contract), email, by=BUYER, locale="fr", now=NOW)
    mail = mails_about("subscriptions/domain_code")[-1]
    assert mail.to_address == email
    return domain, code_in(mail.text)


def give(contract: Contract, domain: ReaderDomain, code: str, *, after: timedelta = timedelta()) -> bool:
    with unit_of_work.transaction():
        return service.verify_domain(readership(contract), domain.id, code, by=BUYER, now=NOW + after)


def verified(contract: Contract) -> ReaderDomain:
    domain, code = asked(contract)
    assert give(contract, domain, code)
    return domain


def join(domain: ReaderDomain, email: str = SOMEBODY, *, is_verified: bool) -> bool:
    with unit_of_work.transaction():
        return service.join_by_domain(domain.secret, email=email, is_verified=is_verified, locale="fr", now=NOW)


@pytest.mark.parametrize("email", ["moi@gmail.com", "Moi@Orange.FR", "moi@laposte.net", "moi@free.fr"])
def test_a_domain_where_anybody_has_an_address_is_refused(email: str) -> None:
    contract = make_institution(5)
    with pytest.raises(PublicDomain), unit_of_work.transaction():
        service.ask_domain(readership(contract), email, by=BUYER, locale="fr", now=NOW)
    assert mails_about("subscriptions/domain_code") == []


def test_a_domain_lets_nobody_in_before_its_code_was_given() -> None:
    contract = make_institution(5)
    domain, _code = asked(contract)

    with pytest.raises(NotFound):
        join(domain, is_verified=True)


def test_the_code_holds_for_an_hour_and_five_guesses() -> None:
    contract = make_institution(5)
    domain, code = asked(contract)
    with pytest.raises(WrongCode):
        give(contract, domain, code, after=rules.DOMAIN_CODE_LASTS + timedelta(minutes=1))
    assert not any(give(contract, domain, "0000 0000") for _guess in range(rules.MOST_WRONG_CODES))
    with pytest.raises(WrongCode):
        give(contract, domain, code)

    domain, code = asked(contract)
    assert give(contract, domain, code)
    with pytest.raises(NotNow):
        asked(contract)


def test_somebody_signed_in_with_an_address_of_the_domain_joins_at_once_until_the_seats_are_taken() -> None:
    contract = make_institution(2)
    domain = verified(contract)

    assert join(domain, is_verified=True)
    assert seats(contract) == [BUYER, SOMEBODY]
    with pytest.raises(SeatsTaken):
        join(domain, "bob@ville.example", is_verified=True)


def test_an_address_nobody_showed_to_be_theirs_gets_a_link_and_no_seat() -> None:
    contract = make_institution(5)
    domain = verified(contract)

    assert not join(domain, is_verified=False)
    (mail,) = mails_about("subscriptions/reader_invited")
    assert (mail.to_address, seats(contract)) == (SOMEBODY, [BUYER])
    with unit_of_work.transaction():
        service.accept(found(contract, SOMEBODY).secret, now=NOW)
    assert seats(contract) == [BUYER, SOMEBODY]


@pytest.mark.parametrize("email", ["anne@autre.example", "anne@sous.ville.example", "anne@ville.example.autre.example"])
def test_an_address_of_another_domain_is_refused(email: str) -> None:
    domain = verified(make_institution(5))
    with pytest.raises(PublicDomain):
        join(domain, email, is_verified=True)


def test_who_was_taken_off_does_not_come_back_by_the_domain() -> None:
    contract = make_institution(5)
    domain = verified(contract)
    (member,) = joined(contract, SOMEBODY)
    with unit_of_work.transaction():
        service.remove(readership(contract), member.id, by=BUYER, now=NOW)
    mails = len(mails_about("subscriptions/reader_invited"))

    with pytest.raises(NotNow):
        join(domain, is_verified=True)
    assert not join(domain, is_verified=False)
    assert (seats(contract), len(mails_about("subscriptions/reader_invited"))) == ([BUYER], mails)


def test_who_kept_no_seat_is_not_told_by_the_domain_that_they_read() -> None:
    contract = make_institution(5)
    domain = verified(contract)
    (member,) = joined(contract, SOMEBODY)
    with unit_of_work.transaction():
        service.choose(readership(contract), contract.id, [found(contract, BUYER).id], by=BUYER, now=NOW)
    arrived = len(mails_about("subscriptions/reader_joined"))

    with pytest.raises(NotNow):
        join(domain, is_verified=True)
    assert not join(domain, is_verified=False)
    assert (seats(contract), len(mails_about("subscriptions/reader_joined"))) == ([BUYER], arrived)
    assert [mail.to_address for mail in mails_about("subscriptions/reader_removed")] == [member.email] * 2


def test_one_address_is_not_written_to_for_ever() -> None:
    contract = make_institution(5)
    domain = verified(contract)
    for _time in range(rules.MOST_INVITATIONS + 2):
        join(domain, is_verified=False)

    assert len(mails_about("subscriptions/reader_invited")) == rules.MOST_INVITATIONS


def test_with_every_seat_taken_the_answer_tells_nobody_who_is_on_the_list() -> None:
    contract = make_institution(2)
    domain = verified(contract)
    joined(contract, SOMEBODY)
    mails = len(mails_about("subscriptions/reader_joined"))

    said = []
    for email in (SOMEBODY, "inconnue@ville.example"):
        with pytest.raises(SeatsTaken) as refusal:
            join(domain, email, is_verified=False)
        said.append(str(refusal.value.message))

    assert said[0] == said[1]
    assert len(mails_about("subscriptions/reader_joined")) == mails


def test_a_domain_taken_off_lets_nobody_in_and_those_who_are_there_stay() -> None:
    contract = make_institution(5)
    domain = verified(contract)
    secret = domain.secret
    join(domain, is_verified=True)
    with unit_of_work.transaction():
        service.drop_domain(readership(contract), domain.id, by=BUYER, now=NOW)

    assert queries.domain_for_link(secret) is None
    assert seats(contract) == [BUYER, SOMEBODY]


def test_a_manager_is_added_without_a_seat_and_hands_over() -> None:
    contract = make_institution(5)
    first = queries.managers_of(readership(contract))[0]
    with pytest.raises(NotNow), unit_of_work.transaction():
        service.drop_manager(readership(contract), first.id, by=BUYER, now=NOW)
    with unit_of_work.transaction():
        added = service.add_manager(readership(contract), "Doc@Ville.Example", by=BUYER, locale="en", now=NOW)
    (mail,) = mails_about("subscriptions/manager_added")
    assert (mail.to_address, mail.locale, added.secret in mail.text) == ("doc@ville.example", "en", True)
    assert added.secret != first.secret
    assert seats(contract) == [BUYER]

    gone = first.secret
    with unit_of_work.transaction():
        service.drop_manager(readership(contract), first.id, by=BUYER, now=NOW)
    assert queries.manager_for_link(gone) is None
    assert queries.manager_for_link(added.secret) is not None


def test_nothing_of_another_institution_is_touched() -> None:
    ours, theirs = make_institution(5), make_institution(5, email="autre@autre.example")
    (member,) = invited(theirs, "agent@autre.example")
    domain = verified(theirs)
    manager = queries.managers_of(readership(theirs))[0]

    for act in (
        lambda: service.remove(readership(ours), member.id, by=BUYER, now=NOW),
        lambda: service.resend(readership(ours), member.id, by=BUYER, now=NOW),
        lambda: service.restore(readership(ours), member.id, by=BUYER, now=NOW),
        lambda: service.drop_domain(readership(ours), domain.id, by=BUYER, now=NOW),
        lambda: service.verify_domain(readership(ours), domain.id, "1", by=BUYER, now=NOW),
        lambda: service.drop_manager(readership(ours), manager.id, by=BUYER, now=NOW),
        lambda: service.choose(readership(ours), theirs.id, [member.id], by=BUYER, now=NOW),
    ):
        with pytest.raises(NotFound), unit_of_work.transaction():
            act()
