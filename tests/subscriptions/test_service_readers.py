"""Who reads for an institution: invited, arrived, taken off, put back; and the end, which is the contract's."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.accounts import queries as accounts
from eventsapp.audit import service as audit
from eventsapp.audit.models import AuditEntry
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus
from eventsapp.subscriptions import queries, rules, service
from eventsapp.subscriptions.errors import InvitationOver, NotNow, SeatsTaken
from eventsapp.subscriptions.models import Contract, ContractSeat, Manager, Member
from eventsapp.subscriptions.statuses import ContractStatus, MemberState
from tests.subscriptions.looking import mails_about
from tests.support.canary import tables_with
from tests.support.makers.readers import BUYER, found, invited, joined, make_institution, manager_of, readership, seats
from tests.support.makers.study_days import NOW

ONE, TWO, THREE = "une@ville.example", "deux@ville.example", "trois@ville.example"
BY: dict[str, Any] = {"by": BUYER, "now": NOW}
TODAY = NOW.date()

pytestmark = pytest.mark.usefixtures("client", "frozen")


def reads(email: str, on: date = TODAY) -> bool:
    db.session.expire_all()
    return queries.has_active_contract(email, on)


def test_whoever_buys_manages_has_the_first_seat_and_gets_the_link() -> None:
    contract = make_institution(5)

    assert seats(contract) == [BUYER]
    assert [row.email for row in queries.managers_of(readership(contract))] == [BUYER]
    (mail,) = mails_about("subscriptions/readers_open")
    assert (mail.to_address, manager_of(contract).secret in mail.text, "5 places" in mail.text) == (BUYER, True, True)


def test_a_contract_for_one_reader_has_no_seats() -> None:
    contract = make_institution(1)

    assert (contract.readership_id, contract.seats_taken, reads(BUYER)) == (None, 0, True)
    assert mails_about("subscriptions/readers_open") == []


def test_the_buyer_may_leave_the_seat_and_goes_on_managing() -> None:
    contract = make_institution(2)
    with unit_of_work.transaction():
        service.remove(readership(contract), found(contract, BUYER).id, **BY)

    assert (seats(contract), reads(BUYER)) == ([], False)
    assert queries.manager_for_link(manager_of(contract).secret) is not None


def test_an_invitation_is_mailed_and_accepted_once() -> None:
    contract = make_institution(2)
    (member,) = invited(contract, ONE)
    (mail,) = mails_about("subscriptions/reader_invited")
    assert (mail.to_address, member.secret in mail.text, BUYER in mail.text) == (ONE, True, True)
    assert not reads(ONE)

    with unit_of_work.transaction():
        service.accept(member.secret, now=NOW)

    assert (seats(contract), reads(ONE)) == ([BUYER, ONE], True)
    assert accounts.by_email(ONE) is not None
    assert [mail.to_address for mail in mails_about("subscriptions/reader_joined")] == [ONE]
    with pytest.raises(InvitationOver), unit_of_work.transaction():
        service.accept(member.secret, now=NOW)


def test_nobody_is_written_to_while_a_line_is_wrong() -> None:
    contract = make_institution(5)
    pasted = f"Anne Dubois <{ONE}>\n\njean@\n{TWO}; pas une adresse"

    with pytest.raises(Invalid) as refusal, unit_of_work.transaction():
        service.invite(readership(contract), pasted, by=BUYER, locale="fr", now=NOW)

    assert list(refusal.value.errors.values()) == [
        "Ligne 3\u00a0: «\u00a0jean@\u00a0» n’est pas une adresse complète.",
        "Ligne 4\u00a0: «\u00a0pas une adresse\u00a0» n’est pas une adresse complète.",
    ]
    assert mails_about("subscriptions/reader_invited") == []
    assert db.session.scalar(sa.select(sa.func.count(Member.id))) == 1


def test_who_is_on_the_list_is_left_alone_and_a_name_is_kept() -> None:
    contract = make_institution(5)
    invited(contract, ONE)
    with unit_of_work.transaction():
        counts = service.invite(
            readership(contract), f"{ONE}, {BUYER}\nAnne Dubois <{TWO}>\n{TWO}", by=BUYER, locale="fr", now=NOW
        )

    assert counts == (1, 2)
    assert found(contract, TWO).name == "Anne Dubois"
    assert [mail.to_address for mail in mails_about("subscriptions/reader_invited")] == [ONE, TWO]


def test_more_invitations_than_an_institution_can_use_are_refused() -> None:
    contract = make_institution(2)
    lines = "\n".join(f"agent{number}@ville.example" for number in range(rules.most_invitations(2) + 1))

    with pytest.raises(Invalid), unit_of_work.transaction():
        service.invite(readership(contract), lines, by=BUYER, locale="fr", now=NOW)


def test_as_many_as_an_institution_can_use_are_invited_once_more_when_they_are_too_old() -> None:
    contract = make_institution(2)
    people = [f"agent{number}@ville.example" for number in range(rules.most_invitations(2))]
    invited(contract, *people)

    invited(contract, *people, now=NOW + rules.INVITATION_LASTS + timedelta(days=1))

    assert len(mails_about("subscriptions/reader_invited")) == 2 * len(people)


def test_the_last_seat_is_the_first_ones_and_the_invitation_still_holds_when_one_is_free() -> None:
    contract = make_institution(2)
    one, two = invited(contract, ONE, TWO)
    with unit_of_work.transaction():
        service.accept(one.secret, now=NOW)
    with pytest.raises(SeatsTaken), unit_of_work.transaction():
        service.accept(two.secret, now=NOW)
    assert (seats(contract), found(contract, TWO).state) == ([BUYER, ONE], MemberState.INVITED)

    with unit_of_work.transaction():
        service.remove(readership(contract), one.id, **BY)
    assert not reads(ONE)
    with unit_of_work.transaction():
        service.accept(two.secret, now=NOW)

    assert seats(contract) == [BUYER, TWO]
    assert [mail.to_address for mail in mails_about("subscriptions/reader_removed")] == [ONE]


def test_who_was_taken_off_is_put_back_with_a_seat_if_one_is_left() -> None:
    contract = make_institution(2)
    (one,) = joined(contract, ONE)
    with unit_of_work.transaction():
        service.remove(readership(contract), one.id, **BY)
    with unit_of_work.transaction():
        service.restore(readership(contract), one.id, **BY)
    assert (seats(contract), reads(ONE)) == ([BUYER, ONE], True)

    with unit_of_work.transaction():
        service.remove(readership(contract), one.id, **BY)
    joined(contract, TWO)
    with pytest.raises(SeatsTaken), unit_of_work.transaction():
        service.restore(readership(contract), one.id, **BY)
    assert (seats(contract), reads(ONE)) == ([BUYER, TWO], False)


def test_an_invitation_taken_back_or_too_old_lets_nobody_in() -> None:
    contract = make_institution(5)
    one, two = invited(contract, ONE, TWO)
    with unit_of_work.transaction():
        service.remove(readership(contract), one.id, **BY)

    with pytest.raises(InvitationOver), unit_of_work.transaction():
        service.accept(one.secret, now=NOW)
    with pytest.raises(InvitationOver), unit_of_work.transaction():
        service.accept(two.secret, now=NOW + rules.INVITATION_LASTS + timedelta(minutes=1))
    assert mails_about("subscriptions/reader_removed") == []


def test_an_invitation_sent_again_has_another_link_and_ends() -> None:
    contract = make_institution(5)
    (one,) = invited(contract, ONE)
    before = one.secret
    for _time in range(rules.MOST_INVITATIONS - 1):
        with unit_of_work.transaction():
            service.resend(readership(contract), one.id, **BY)

    assert len(mails_about("subscriptions/reader_invited")) == rules.MOST_INVITATIONS
    with pytest.raises(InvitationOver), unit_of_work.transaction():
        service.accept(before, now=NOW)
    with pytest.raises(NotNow), unit_of_work.transaction():
        service.resend(readership(contract), one.id, **BY)


def test_the_end_of_a_reader_is_that_of_the_contract() -> None:
    contract = make_institution(5)
    joined(contract, ONE)
    last = contract.ends_on
    assert last is not None

    assert (reads(ONE, last), reads(ONE, last + timedelta(days=1))) == (True, False)

    db.session.execute(sa.update(Contract).values(ends_on=last - timedelta(days=30)))
    db.session.commit()
    assert not reads(ONE, last)


@pytest.mark.parametrize("status", [status for status in ContractStatus if status is not ContractStatus.ACTIVE])
def test_nobody_reads_by_a_contract_that_does_not_run(status: ContractStatus) -> None:
    contract = make_institution(5)
    joined(contract, ONE)
    db.session.execute(sa.update(Contract).values(status=status))
    db.session.commit()

    assert (reads(ONE), reads(BUYER)) == (False, False)


def test_what_came_out_in_a_paid_period_stays_with_who_had_a_seat_and_not_with_who_was_taken_off() -> None:
    contract = make_institution(5)
    joined(contract, ONE, TWO)
    with unit_of_work.transaction():
        service.remove(readership(contract), found(contract, TWO).id, **BY)
    assert contract.ends_on is not None
    with unit_of_work.transaction():
        service.expire_due(today=contract.ends_on + timedelta(days=1))

    assert [queries.paid_on(email, date(2026, 9, 1)) for email in (ONE, TWO, THREE)] == [True, False, False]
    assert not queries.paid_on(ONE, contract.ends_on + timedelta(days=1))


def test_nobody_is_invited_by_a_contract_that_is_over() -> None:
    contract = make_institution(5)
    assert contract.ends_on is not None
    later = NOW + (contract.ends_on + timedelta(days=1) - TODAY)

    with pytest.raises(NotNow), unit_of_work.transaction():
        service.invite(readership(contract), ONE, by=BUYER, locale="fr", now=later)


def test_what_is_done_is_told_in_the_history_of_the_contract() -> None:
    contract = make_institution(5)
    (one,) = joined(contract, ONE)
    with unit_of_work.transaction():
        service.remove(readership(contract), one.id, **BY)
    with unit_of_work.transaction():
        service.restore(readership(contract), one.id, **BY)

    lines = db.session.execute(
        sa.select(AuditEntry.action, AuditEntry.actor_label, AuditEntry.subject_id)
        .where(AuditEntry.subject_kind == "contract")
        .order_by(AuditEntry.id)
    ).all()
    assert [tuple(line) for line in lines] == [
        ("readers.invite", BUYER, contract.id),
        ("readers.join", ONE, contract.id),
        ("readers.remove", BUYER, contract.id),
        ("readers.restore", BUYER, contract.id),
    ]


def test_who_is_gone_for_long_is_forgotten_and_nobody_else() -> None:
    contract = make_institution(5)
    joined(contract, ONE, TWO)
    invited(contract, THREE)
    with unit_of_work.transaction():
        service.remove(readership(contract), found(contract, TWO).id, **BY)
    on_day = {days: NOW + timedelta(days=days) for days in (59, 61, 121)}

    left = []
    for now in on_day.values():
        with unit_of_work.transaction():
            service.forget_readers(now=now)
        left.append(set(db.session.scalars(sa.select(Member.email))))

    assert left == [{BUYER, ONE, TWO, THREE}, {BUYER, ONE, THREE}, {BUYER, ONE}]
    assert seats(contract) == [BUYER, ONE]


def test_who_read_for_an_institution_that_left_is_forgotten_after_three_years() -> None:
    contract = make_institution(5)
    joined(contract, ONE)
    assert contract.ends_on is not None
    over = NOW + (contract.ends_on - NOW.date())
    with unit_of_work.transaction():
        service.expire_due(today=contract.ends_on + timedelta(days=1))

    with unit_of_work.transaction():
        assert service.forget_readers(now=over + rules.KEPT_READERS) == 0
    with unit_of_work.transaction():
        assert service.forget_readers(now=over + rules.KEPT_READERS + timedelta(days=2)) == 2

    assert [db.session.scalar(sa.select(sa.func.count(table.id))) for table in (Member, Manager, ContractSeat)] == [
        0,
        0,
        0,
    ]


def test_what_somebody_forgotten_by_one_institution_reads_for_another_stays() -> None:
    left, other = make_institution(5), make_institution(5, email="mairie@autre.example")
    for contract in (left, other):
        joined(contract, TWO)
    with unit_of_work.transaction():
        service.remove(readership(left), found(left, TWO).id, by=BUYER, now=NOW)
    for mail in db.session.scalars(sa.select(OutgoingMail)):
        mail.status = MailStatus.SENT
    db.session.commit()

    with unit_of_work.transaction():
        assert service.forget_readers(now=NOW + rules.KEPT_REMOVED + timedelta(days=1)) == 1

    kept = db.session.execute(
        sa.select(OutgoingMail.subject_id, OutgoingMail.template).where(OutgoingMail.to_address == TWO)
    ).all()
    assert {row.subject_id for row in kept if row.template.startswith("subscriptions/")} == {other.id}


def test_the_end_of_an_unrenewed_contract_is_told_once_to_everybody_who_read() -> None:
    contract = make_institution(5)
    joined(contract, ONE)
    assert contract.ends_on is not None
    after = NOW + (contract.ends_on + timedelta(days=1) - NOW.date())
    assert service.tell_ends(now=after) == 0
    with unit_of_work.transaction():
        service.expire_due(today=after.date())

    assert (service.tell_ends(now=after), service.tell_ends(now=after)) == (2, 0)
    assert [mail.to_address for mail in mails_about("subscriptions/reading_ends")] == [BUYER, ONE]


def test_the_end_of_a_contract_that_was_cancelled_is_told_to_everybody_who_read() -> None:
    contract = make_institution(5)
    joined(contract, ONE)
    db.session.execute(sa.update(Contract).values(status=ContractStatus.CANCELLED))
    db.session.commit()

    assert (service.tell_ends(now=NOW), service.tell_ends(now=NOW)) == (2, 0)
    assert [mail.to_address for mail in mails_about("subscriptions/reader_removed")] == [BUYER, ONE]


def test_reads_are_counted_by_month_and_of_a_person_only_the_last_month_is_kept() -> None:
    contract = make_institution(5)
    joined(contract, ONE)
    for days in (-40, 0, 0):
        with unit_of_work.transaction():
            service.count_read(readership(contract), ONE, now=NOW + timedelta(days=days))

    months = dict(queries.reads_by_month(readership(contract), today=NOW.date()))
    assert {month: reads for month, reads in months.items() if reads} == {date(2026, 10, 1): 1, date(2026, 11, 1): 2}
    assert len(months) == 12
    assert (found(contract, ONE).last_active_on, found(contract, BUYER).last_active_on) == (date(2026, 11, 1), None)


def test_inviting_and_taking_back_in_turn_fills_nobody_s_mailbox() -> None:
    contract = make_institution(5)
    for _time in range(rules.INVITED_A_DAY):
        (member,) = invited(contract, ONE)
        with unit_of_work.transaction():
            service.remove(readership(contract), member.id, **BY)

    with pytest.raises(Invalid) as refusal:
        invited(contract, ONE)
    assert "attendez demain" in next(iter(refusal.value.errors.values()))
    assert len(mails_about("subscriptions/reader_invited")) == rules.INVITED_A_DAY
    assert invited(contract, ONE, now=NOW + timedelta(days=1, minutes=1))


def test_an_institution_invites_so_many_a_day_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = make_institution(5)
    monkeypatch.setattr(rules, "most_invitations_a_day", lambda _readers: 2)
    invited(contract, ONE, TWO)

    with pytest.raises(Invalid):
        invited(contract, THREE)
    with pytest.raises(NotNow):
        service.resend(readership(contract), found(contract, ONE).id, **BY)


def test_of_who_is_forgotten_only_what_is_their_own_keeps_the_address() -> None:
    contract = make_institution(5)
    joined(contract, "canari@ville.example")
    with unit_of_work.transaction():
        service.remove(readership(contract), found(contract, "canari@ville.example").id, **BY)
    assert {"audit_entries", "outgoing_mails"} <= set(tables_with("canari@ville.example"))
    for mail in db.session.scalars(sa.select(OutgoingMail)):
        mail.status = MailStatus.SENT
    db.session.commit()

    service.forget_readers(now=NOW + rules.KEPT_REMOVED + timedelta(days=1))

    # The account, and that it was opened, is theirs to close: it may open more than that seat.
    assert set(tables_with("canari@ville.example")) == {"users", "audit_entries"}
    lines = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_kind == "contract")).all()
    assert lines
    assert not any("canari" in f"{line.actor_label} {line.changes}" for line in lines)
    assert tables_with(audit.FORGOTTEN) == ["audit_entries"]
