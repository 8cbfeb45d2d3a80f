"""Certificates: for who came, once, by what is known of the half-days."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.attendance import queries, service
from eventsapp.attendance.errors import AlreadyRevoked, CertificatesTooEarly, NotIssuable
from eventsapp.attendance.models import Certificate, DayPapers
from eventsapp.attendance.statuses import PaperKind, Source
from eventsapp.attendance.values import DayPapersDraft, HalfDay, Marks
from eventsapp.audit.models import AuditEntry
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices import queries as invoices
from eventsapp.mail.models import OutgoingMail
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import SessionKind
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.attendance import ARRIVAL, codes_of, make_door, make_open_day, scan, seats_of
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.study_days import make_session, make_study_day

EVENING = ARRIVAL + timedelta(hours=12)


def came(day: StudyDay, *numbers: int) -> None:
    door = make_door()
    for number in numbers:
        scan(day, codes_of(day)[number - 1], by=door)


def issue(day: StudyDay) -> int:
    with unit_of_work.transaction():
        return service.issue(queries.certifiable(day.id), day=day, by="Camille", now=EVENING)


def all_of(day: StudyDay) -> list[Certificate]:
    return db.session.query(Certificate).filter_by(study_day_id=day.id).order_by(Certificate.id).all()


@pytest.mark.usefixtures("transaction")
class TestIssuing:
    def test_who_came_gets_one_and_who_did_not_none(self) -> None:
        day = make_open_day(3)
        came(day, 1, 3)

        assert (issue(day), issue(day)) == (2, 0)
        assert [row.name for row in all_of(day)] == ["Claude Roux1", "Claude Roux3"]
        assert all(row.organisation == "Ville d’Exemple" and row.issued_by == "Camille" for row in all_of(day))
        assert len({row.code for row in all_of(day)}) == 2
        assert all(len(row.code) == 22 for row in all_of(day))

    def test_nothing_is_certified_before_the_day_is_over(self) -> None:
        day = make_open_day(1)
        came(day, 1)
        early = day.ends_at - timedelta(minutes=1)

        with pytest.raises(CertificatesTooEarly, match="une fois la journée finie"), unit_of_work.transaction():
            service.issue(queries.certifiable(day.id), day=day, by="", now=early)
        for kind in (PaperKind.CERTIFICATES, PaperKind.SENDING):
            with pytest.raises(CertificatesTooEarly), unit_of_work.transaction():
                service.ask(day, kind, actor=None, now=early)
        assert all_of(day) == []
        with unit_of_work.transaction():
            assert service.issue(queries.certifiable(day.id), day=day, by="", now=day.ends_at) == 1

    def test_a_seat_nobody_is_named_for_has_none(self) -> None:
        day = make_study_day()
        place(seats(day, unnamed(), an_attendee(2)))
        came(day, 1, 2)

        assert issue(day) == 1

    def test_the_sheet_takes_away_the_half_day_that_nobody_signed(self) -> None:
        day = make_open_day(2)
        morning, afternoon = queries.half_days(day)
        came(day, 1, 2)
        with unit_of_work.transaction():
            service.enter(
                day,
                marks=[Marks(registration_id=seats_of(day)[1].id, present={afternoon: True})],
                source=Source.SHEET,
                actor=make_door(),
                now=EVENING,
            )
        issue(day)

        one, other = all_of(day)
        assert one.halves == [morning]
        assert other.halves == [morning, afternoon]
        assert one.minutes < other.minutes

    def test_hours_are_those_of_the_programme_without_its_breaks(self) -> None:
        day = make_study_day(
            starts_at=datetime(2027, 2, 24, 8, tzinfo=UTC), ends_at=datetime(2027, 2, 24, 16, tzinfo=UTC)
        )
        place(seats(day, an_attendee(1)))
        at = day.starts_at
        make_session(day, position=1, starts_at=at, ends_at=at + timedelta(minutes=150))
        make_session(day, position=2, kind=SessionKind.BREAK, starts_at=at + timedelta(minutes=150))
        make_session(day, position=3, starts_at=at + timedelta(minutes=300), ends_at=at + timedelta(minutes=420))
        came(day, 1)
        issue(day)

        [row] = all_of(day)
        assert row.minutes == 150 + 120

    def test_a_day_without_hours_has_half_days_only(self) -> None:
        day = make_open_day(1, hours_known=False)
        came(day, 1)
        issue(day)

        [row] = all_of(day)
        assert (row.minutes, bool(row.half_days)) == (0, True)

    @pytest.mark.parametrize(
        ("declared", "said", "expected"), [(True, True, True), (False, True, False), (True, False, False)]
    )
    def test_only_a_declared_body_trains_and_only_on_days_that_say_so(
        self, declared: bool, said: bool, expected: bool
    ) -> None:
        day = make_open_day(1)
        invoices.terms().training_declaration = "Déclaration n° 52" if declared else ""
        db.session.commit()
        with unit_of_work.transaction():
            draft = DayPapersDraft(is_training=said, action_nature="Action de formation", sends_next_day=False)
            service.save_day_papers(day, draft, actor=make_user(RoleName.ORGANISER), now=EVENING)
        came(day, 1)
        issue(day)

        [row] = all_of(day)
        assert (row.is_training, row.action_nature) == (expected, "Action de formation" if expected else "")


@pytest.mark.usefixtures("transaction")
class TestSending:
    def test_each_once_with_the_link_of_the_seat(self) -> None:
        day = make_open_day(1)
        came(day, 1)
        [seat] = seats_of(day)

        sent = []
        for _ in range(2):
            with unit_of_work.transaction():
                sent.append(service.send(seat.id, day=day, by="", now=EVENING))

        assert sent == [True, False]
        [mail] = db.session.query(OutgoingMail).filter_by(template="attendance/certificate").all()
        [row] = all_of(day)
        assert (mail.to_address, row.sent_to) == (seat.email, seat.email)
        assert f"/inscriptions/{seat.secret}/attestation.pdf" in mail.text
        assert f"/attestations/{row.code}/" in mail.text

    def test_who_did_not_come_is_sent_nothing(self) -> None:
        day = make_open_day(1)

        with unit_of_work.transaction():
            assert service.send(seats_of(day)[0].id, day=day, by="", now=EVENING) is False
        assert all_of(day) == []


@pytest.mark.usefixtures("transaction")
class TestRevoking:
    def test_a_revoked_one_is_not_issued_again_by_itself(self) -> None:
        day = make_open_day(1)
        came(day, 1)
        issue(day)
        organiser = make_user(RoleName.ORGANISER)
        [row] = all_of(day)
        with unit_of_work.transaction():
            service.revoke(row, reason="Venue d’une autre", actor=organiser, now=EVENING)

        assert queries.certifiable(day.id) == []
        assert queries.standing_certificate(row.registration_id) is None
        with pytest.raises(AlreadyRevoked), unit_of_work.transaction():
            service.revoke(row, reason="Encore", actor=organiser, now=EVENING)
        entry = db.session.query(AuditEntry).filter_by(action="certificates.revoke").one()
        assert entry.changes == {"reason": "Venue d’une autre"}

    def test_by_hand_another_takes_its_place_once(self) -> None:
        day = make_open_day(1)
        came(day, 1)
        issue(day)
        organiser = make_user(RoleName.ORGANISER)
        [row] = all_of(day)
        with unit_of_work.transaction():
            service.revoke(row, reason="Nom mal écrit", actor=organiser, now=EVENING)
        with unit_of_work.transaction():
            made = service.issue_again(row, day=day, actor=organiser, now=EVENING)

        assert made.code != row.code
        with pytest.raises(NotIssuable), unit_of_work.transaction():
            service.issue_again(row, day=day, actor=organiser, now=EVENING)

    def test_who_is_no_longer_noted_present_gets_no_other(self) -> None:
        day = make_open_day(1)
        came(day, 1)
        issue(day)
        organiser = make_user(RoleName.ORGANISER)
        [row] = all_of(day)
        halves: dict[HalfDay, bool] = dict.fromkeys(queries.half_days(day), False)
        with unit_of_work.transaction():
            service.enter(
                day,
                marks=[Marks(registration_id=row.registration_id, present=halves)],
                source=Source.SHEET,
                actor=organiser,
                now=EVENING,
            )
            service.revoke(row, reason="Pas venue", actor=organiser, now=EVENING)

        with pytest.raises(NotIssuable), unit_of_work.transaction():
            service.issue_again(row, day=day, actor=organiser, now=EVENING)


def test_two_who_press_at_the_same_moment_issue_one_each(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        with app.app_context():
            day = make_open_day(4)
            came(day, 1, 2, 3, 4)
            day_id = day.id

        def press() -> int:
            with unit_of_work.transaction():
                day = db.session.get_one(StudyDay, day_id)
                return service.issue(queries.certifiable(day.id), day=day, by="", now=EVENING)

        assert sorted(at_once(app, press, press)) == [0, 4]
        with app.app_context():
            assert db.session.query(Certificate).count() == 4
            assert db.session.query(DayPapers).count() == 0
