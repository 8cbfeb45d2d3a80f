"""The database as both systems keep it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.payments.models import PaymentMethod
from eventsapp.places.models import City
from eventsapp.study_days.models import StudyDay


def _day(**values: object) -> StudyDay:
    city = City(slug="angers", name="Angers")
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    given = {
        "slug": "angers", "title": "Angers", "city": city, "starts_at": now, "ends_at": now + timedelta(hours=8),
        "timezone": "Europe/Paris", "capacity": 2, "registration_closes_at": now, "created_at": now, "updated_at": now,
    }  # fmt: skip
    return StudyDay(**given | values)


@pytest.mark.usefixtures("transaction")
def test_times_come_back_aware_and_in_utc() -> None:
    paris = timezone(timedelta(hours=1))
    db.session.add(_day(starts_at=datetime(2026, 11, 23, 9, 30, tzinfo=paris)))
    db.session.commit()
    db.session.expire_all()

    kept = db.session.scalars(sa.select(StudyDay)).one()

    assert kept.starts_at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert kept.starts_at.tzinfo is UTC


@pytest.mark.usefixtures("transaction")
def test_a_naive_time_is_refused() -> None:
    db.session.add(_day(starts_at=datetime(2026, 11, 23, 9, 30)))  # noqa: DTZ001

    with pytest.raises(sa.exc.StatementError, match="naive time"):
        db.session.commit()


@pytest.mark.writers_at_once
@pytest.mark.usefixtures("transaction")
def test_postgresql_answers_in_utc_and_compiles_no_statement() -> None:
    answers = [db.session.scalar(sa.text(f"SHOW {name}")) for name in ("timezone", "jit")]

    assert answers == ["UTC", "off"]


@pytest.mark.usefixtures("transaction")
def test_statuses_are_stored_as_the_public_word() -> None:
    db.session.add(_day())
    db.session.commit()

    assert db.session.scalar(sa.text("SELECT status FROM study_days")) == "draft"


@pytest.mark.usefixtures("transaction")
def test_the_database_itself_refuses_more_seats_than_the_capacity() -> None:
    db.session.add(_day(seats_taken=3))

    with pytest.raises(sa.exc.IntegrityError):
        db.session.commit()


@pytest.mark.usefixtures("transaction")
def test_the_migrations_bring_the_four_payment_methods() -> None:
    codes = db.session.scalars(sa.select(PaymentMethod.code).order_by(PaymentMethod.position)).all()

    assert codes == ["card", "mandat", "cheque", "transfer"]
