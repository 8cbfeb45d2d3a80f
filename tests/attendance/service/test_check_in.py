"""Letting people in: once for each ticket."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from flask import Flask

from eventsapp.accounts.models import User
from eventsapp.attendance import queries, service
from eventsapp.attendance.errors import KeyOfAnotherTicket
from eventsapp.attendance.models import CheckIn, Presence
from eventsapp.attendance.statuses import Outcome, Part, Source
from eventsapp.attendance.values import Answer, HalfDay, Marks, Scan
from eventsapp.core import listing, unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.registrations import service as registrations
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay
from tests.support.at_once import at_once, committing_app
from tests.support.makers.attendance import ARRIVAL, codes_of, make_door, make_open_day, retire, scan, seats_of
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import make_study_day

ATTENDED, CONFIRMED = RegistrationStatus.ATTENDED, RegistrationStatus.CONFIRMED


def _rows() -> list[tuple[str, str]]:
    return [(row.outcome.value, row.device) for row in db.session.query(CheckIn).order_by(CheckIn.id)]


@pytest.mark.usefixtures("transaction")
class TestOneDoor:
    def test_a_ticket_lets_in_and_says_who_it_is_and_who_else_is_awaited(self) -> None:
        day = make_open_day(3)
        door = make_door()

        answer = scan(day, codes_of(day)[0], by=door, device="Porte A")

        assert (answer.outcome, answer.name, answer.rate, answer.booked_by) == (
            Outcome.ADMITTED,
            "Claude Roux1",
            "Non-abonné",
            "Ville d’Exemple",
        )
        assert [other.name for other in answer.others] == ["Claude Roux2", "Claude Roux3"]
        assert [seat.status for seat in seats_of(day)] == [ATTENDED, CONFIRMED, CONFIRMED]
        row = db.session.query(CheckIn).one()
        assert (row.device, row.by_label, row.by_id, row.at, row.received_at) == (
            "Porte A",
            door.name,
            door.id,
            ARRIVAL,
            ARRIVAL,
        )
        fact = db.session.query(Presence).one()
        assert (fact.part, fact.present, fact.source, fact.check_in_id) == (Part.MORNING, True, Source.DOOR, row.id)

    def test_the_same_ticket_again_is_told_when_and_where_and_is_kept(self) -> None:
        day = make_open_day()
        door = make_door()
        scan(day, codes_of(day)[0], by=door, device="Porte A")

        answer = scan(day, codes_of(day)[0], by=door, device="Porte B", now=ARRIVAL + timedelta(minutes=7))

        refusal = service.refusal(answer)
        assert answer.outcome is Outcome.ALREADY
        assert refusal is not None
        assert (refusal.code, refusal.status) == ("already-admitted", 409)
        assert refusal.message == "Claude Roux1 : billet déjà passé à 9 h 05 (Porte A)."
        assert _rows() == [("admitted", "Porte A"), ("already", "Porte B")]

    def test_the_first_door_is_named_by_who_stood_there_when_it_has_no_name(self) -> None:
        day = make_open_day()
        door = make_door()
        scan(day, codes_of(day)[0], by=door)

        assert scan(day, codes_of(day)[0], by=door).first_device == door.name

    def test_a_scan_handed_over_twice_is_one_and_gets_its_answer_again(self) -> None:
        day = make_open_day()
        door = make_door()
        code = codes_of(day)[0]

        first = scan(day, code, by=door, key="telephone-1-0001")
        again = scan(day, code, by=door, key="telephone-1-0001", now=ARRIVAL + timedelta(hours=1))
        refused = [scan(day, code, by=door, key="telephone-2-0001") for _time in range(2)]

        assert first == again
        assert refused[0] == refused[1]
        assert [row.outcome for row in db.session.query(CheckIn).order_by(CheckIn.id)] == [
            Outcome.ADMITTED,
            Outcome.ALREADY,
        ]

    def test_a_key_is_for_one_ticket(self) -> None:
        day = make_open_day(2)
        door = make_door()
        one, other = codes_of(day)
        scan(day, one, by=door, key="telephone-1-0001")

        with pytest.raises(KeyOfAnotherTicket):
            scan(day, other, by=door, key="telephone-1-0001")
        assert [seat.status for seat in seats_of(day)] == [ATTENDED, CONFIRMED]

    def test_what_a_phone_kept_is_taken_in_the_order_of_time_and_answered_in_its_own(self) -> None:
        day = make_open_day(2)
        door = make_door()
        one, other = codes_of(day)
        minutes = [3, 1, 2]
        scans = [
            Scan(code=code, at=ARRIVAL - timedelta(minutes=minute), device=device, key=device)
            for code, minute, device in zip([one, one, other], minutes, ["A", "B", "C"], strict=True)
        ]

        with unit_of_work.transaction():
            answers = service.check_in_all(
                [scans[1], scans[2], scans[0]], day=day, by=door, now=ARRIVAL + timedelta(hours=2)
            )

        assert [(answer.outcome, answer.key) for answer in answers] == [
            (Outcome.ALREADY, "B"),
            (Outcome.ADMITTED, "C"),
            (Outcome.ADMITTED, "A"),
        ]
        assert [row.was_offline for row in db.session.query(CheckIn)] == [True, True, True]

    def test_a_ticket_of_another_day_and_no_ticket_at_all_change_nothing(self) -> None:
        day = make_open_day()
        elsewhere = make_open_day()
        door = make_door()

        answers = [scan(day, codes_of(elsewhere)[0], by=door), scan(day, "inconnu", by=door), scan(day, "", by=door)]

        assert [answer.outcome for answer in answers] == [Outcome.OTHER_DAY, Outcome.UNKNOWN, Outcome.UNKNOWN]
        assert [answer.name for answer in answers] == ["", "", ""]
        refusals = [service.refusal(answer) for answer in answers]
        assert {(refusal.code, refusal.status) for refusal in refusals if refusal} == {("not-for-this-day", 404)}
        assert _rows() == []
        assert seats_of(elsewhere)[0].status is CONFIRMED

    def test_a_replaced_ticket_says_by_whose_and_lets_nobody_in(self) -> None:
        day = make_open_day()
        retire(seats_of(day)[0], code="ancien")

        answer = scan(day, "ancien", by=make_door())

        refusal = service.refusal(answer)
        assert refusal is not None
        assert (refusal.code, refusal.status) == ("ticket-retired", 410)
        assert refusal.message == "Ce billet ne vaut plus : remplacé par Alix Petit le 12 janvier 2027."
        assert seats_of(day)[0].status is CONFIRMED
        assert _rows() == [("retired", "")]

    @pytest.mark.parametrize(
        ("status", "code"),
        [(RegistrationStatus.HELD, "seat-held"), (RegistrationStatus.CANCELLED, "seat-cancelled")],
    )
    def test_a_seat_that_is_not_confirmed_lets_nobody_in(self, status: RegistrationStatus, code: str) -> None:
        day = make_open_day()
        seat = seats_of(day)[0]
        seat.status = status
        db.session.commit()

        answer = scan(day, seat.ticket_code, by=make_door())

        refusal = service.refusal(answer)
        assert refusal is not None
        assert (refusal.code, refusal.status) == (code, 409)
        assert db.session.get_one(Registration, seat.id).status is status

    def test_who_was_noted_absent_may_still_come(self) -> None:
        day = make_open_day()
        seats_of(day)[0].status = RegistrationStatus.ABSENT
        db.session.commit()

        assert scan(day, codes_of(day)[0], by=make_door()).outcome is Outcome.ADMITTED

    def test_who_comes_in_the_afternoon_was_not_there_in_the_morning(self) -> None:
        day = make_open_day()

        scan(day, codes_of(day)[0], by=make_door(), now=ARRIVAL + timedelta(hours=5))

        half = HalfDay(day.date, Part.AFTERNOON)
        assert queries.presences(day.id)[0].present == {half: True}

    def test_a_whole_booking_comes_in_at_once_and_nobody_twice(self) -> None:
        day = make_open_day(4)
        place(seats(day, an_attendee(9)), payment_method="transfer")
        door = make_door()
        scan(day, codes_of(day)[1], by=door)

        with unit_of_work.transaction():
            group = queries.seat(seats_of(day)[0].id, day_id=day.id)
            assert group is not None
            admitted = service.admit_booking(group, day=day, device="Porte A", by=door, now=ARRIVAL)

        assert [answer.name for answer in admitted] == ["Claude Roux1", "Claude Roux3", "Claude Roux4"]
        assert {answer.outcome for answer in admitted} == {Outcome.ADMITTED}
        assert queries.counts(day.id).arrived == 4
        assert queries.counts(day.id).expected == 5

    def test_who_is_cancelled_keeps_the_seat_once_inside(self) -> None:
        day = make_study_day()
        order = place(seats(day, an_attendee(1), an_attendee(2)))
        scan(day, codes_of(day)[0], by=make_door())

        with unit_of_work.transaction():
            registrations.release(order.id, now=ARRIVAL)

        assert (db.session.get_one(StudyDay, day.id).seats_taken, [seat.name for seat in seats_of(day)]) == (
            1,
            ["Claude Roux1"],
        )


class TestTwoDoors:
    @pytest.fixture
    def served(self, database: str, tmp_path: Path) -> Iterator[Flask]:
        with committing_app(database, tmp_path) as app:
            with app.app_context(), writing():
                make_open_day(3, slug="angers")
                make_door()
                db.session.remove()
            yield app

    def _scan(self, code: str, device: str, key: str | None = None) -> Answer:
        with unit_of_work.transaction():
            day = db.session.query(StudyDay).filter_by(slug="angers").one()
            door = db.session.query(User).filter(User.password.is_not(None)).first()
            assert door is not None
            return service.check_in(Scan(code=code, device=device, key=key), day=day, by=door, now=ARRIVAL)

    def test_exactly_one_of_six_doors_admits_and_the_others_are_told_where(self, served: Flask) -> None:
        with served.app_context():
            code = db.session.query(Registration).order_by(Registration.id).first()
            assert code is not None
            ticket = code.ticket_code

        answers = at_once(served, *(lambda name=name: self._scan(ticket, name) for name in "ABCDEF"))

        admitted = [answer for answer in answers if answer.outcome is Outcome.ADMITTED]
        told = [answer for answer in answers if answer.outcome is Outcome.ALREADY]
        with served.app_context():
            first = db.session.query(CheckIn).filter_by(outcome=Outcome.ADMITTED).one()
            assert (len(admitted), len(told)) == (1, 5)
            assert {answer.first_device for answer in told} == {first.device}

    def test_one_scan_handed_over_by_two_tabs_at_once_is_one(self, served: Flask) -> None:
        with served.app_context():
            tickets = [seat.ticket_code for seat in db.session.query(Registration).order_by(Registration.id)]

        answers = at_once(served, *(lambda: self._scan(tickets[0], "A", key="meme-cle") for _tab in range(4)))

        assert {answer.outcome for answer in answers} == {Outcome.ADMITTED}
        with served.app_context():
            assert db.session.query(CheckIn).count() == 1

    def test_phones_that_hand_over_the_same_people_crosswise_do_not_wait_in_a_circle(self, served: Flask) -> None:
        with served.app_context():
            tickets = [seat.ticket_code for seat in db.session.query(Registration).order_by(Registration.id)]

        def hand_over(codes: list[str], device: str) -> list[Outcome]:
            with unit_of_work.transaction():
                day = db.session.query(StudyDay).filter_by(slug="angers").one()
                door = db.session.query(User).filter(User.password.is_not(None)).first()
                assert door is not None
                scans = [Scan(code=code, device=device, key=f"{device}-{code}") for code in codes]
                return [answer.outcome for answer in service.check_in_all(scans, day=day, by=door, now=ARRIVAL)]

        one, other = at_once(served, lambda: hand_over(tickets, "A"), lambda: hand_over(tickets[::-1], "B"))

        assert sorted([one, other]) == [[Outcome.ADMITTED] * 3, [Outcome.ALREADY] * 3]

    def test_an_order_given_up_while_one_of_its_people_comes_in_counts_its_seats_right(self, served: Flask) -> None:
        with served.app_context():
            seat = db.session.query(Registration).order_by(Registration.id).first()
            assert seat is not None
            ticket = seat.ticket_code
            order_id = db.session.query(Order.id).scalar()

        def give_up() -> Answer:
            with unit_of_work.transaction():
                registrations.release(order_id, now=ARRIVAL)
            return Answer(outcome=Outcome.UNDONE)

        told, _given_up = at_once(served, lambda: self._scan(ticket, "A"), give_up)

        with served.app_context():
            day = db.session.query(StudyDay).filter_by(slug="angers").one()
            came = db.session.query(Registration).filter_by(status=ATTENDED).count()
            assert came == (1 if told.outcome is Outcome.ADMITTED else 0)
            assert told.outcome in {Outcome.ADMITTED, Outcome.CANCELLED}
            assert day.seats_taken == came


@pytest.mark.usefixtures("transaction")
def test_the_order_of_a_scan_is_found_by_its_reference_or_payer() -> None:
    day = make_open_day(1)
    reference = orders.by_reference(seats_of(day)[0].order_line.order.reference)
    assert reference is not None

    found = [
        queries.found_by_name(day.id, words) for words in ("roux", "VILLE exemple", reference.reference, "personne")
    ]

    assert [len(rows) for rows in found] == [1, 1, 1, 0]


@pytest.mark.usefixtures("transaction")
class TestAfterTheSheet:
    def _entered(self, day: StudyDay, *, present: bool) -> None:
        morning = queries.half_days(day)[0]
        marks = [Marks(registration_id=seats_of(day)[0].id, present={morning: present})]
        with unit_of_work.transaction():
            service.enter(day, marks=marks, source=Source.SHEET, actor=make_door(), now=ARRIVAL)

    def test_a_late_scan_leaves_what_the_sheet_says_and_somebody_is_to_look(self) -> None:
        day = make_open_day()
        self._entered(day, present=False)

        late = scan(day, codes_of(day)[0], by=make_door(), at=ARRIVAL, now=ARRIVAL + timedelta(hours=3))

        assert late.outcome is Outcome.ADMITTED
        [fact] = db.session.query(Presence)
        assert (fact.present, fact.source) == (False, Source.SHEET)
        assert queries.conflicts(day.id) == 1
        described = queries.check_in_list(study_day_id=day.id, zone=UTC)
        [row] = listing.first_rows(described, words="", most=9)
        told = next(column for column in described.columns if column.key == "suite")
        assert told.second is not None
        assert told.second(row) == "notée absente sur la feuille · envoyé après coup"
        assert queries.certifiable(day.id) == []
        with unit_of_work.transaction():
            assert service.issue([seats_of(day)[0].id], day=day, by="", now=ARRIVAL) == 0

        self._entered(day, present=True)
        assert queries.conflicts(day.id) == 0

    def test_taken_back_there_is_nothing_to_look_at(self) -> None:
        day = make_open_day()
        self._entered(day, present=False)
        scan(day, codes_of(day)[0], by=make_door())

        with unit_of_work.transaction():
            service.undo(seats_of(day)[0], day=day, device="", by=make_door(), now=ARRIVAL)

        assert queries.conflicts(day.id) == 0
