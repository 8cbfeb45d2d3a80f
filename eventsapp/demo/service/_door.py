"""The doors of the days that are past: who came when, by which door, and who signed in the afternoon."""

from datetime import datetime, timedelta

from eventsapp.accounts.models import User
from eventsapp.attendance import queries as attendance_queries
from eventsapp.attendance import service as attendance
from eventsapp.attendance.statuses import Source
from eventsapp.attendance.values import Marks, Scan
from eventsapp.demo import queries
from eventsapp.demo.service._transaction import writing
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.surveys import service as surveys

#: Every so many people one stays away, one shows a ticket at the other door too, one arrives after the beginning,
#: and one leaves at noon.
_ABSENT_EVERY, _TWICE_EVERY, _LATE_EVERY, _HALF_EVERY = 11, 19, 17, 13
_DOORS = ("Porte du parvis", "Porte du jardin")
#: What some of them wrote.
_KEPT = (
    "Les témoignages de collectivités, avec leurs chiffres.",
    "Le temps laissé aux questions.",
    "Le déjeuner pris ensemble : on y apprend autant qu’en salle.",
)
_CHANGED = ("Une pause de plus l’après-midi.", "Recevoir les supports avant la journée.")
_DOOR, _OFFICE = "accueil@lettre.example", "organisation@lettre.example"


def record_attendance(slug: str) -> int:
    """Let in who came to a day that is past, enter the signed sheet of the afternoon, note who stayed away.

    Whoever came has a certificate.
    """
    with writing():
        day = study_days.any_day(slug)
        people = {user.email: user for user in queries.people([_DOOR, _OFFICE])}
        if day is None or len(people) < 2:
            return 0
        seats = [seat for seat in queries.registrations_of(day.id) if seat.status is RegistrationStatus.CONFIRMED]
        came = [seat for number, seat in enumerate(seats, start=1) if number % _ABSENT_EVERY]
        for number, seat in enumerate(came):
            _let_in(number, seat, day=day, by=people[_DOOR])
        _sign(came, day=day, actor=people[_OFFICE])
        next_day = day.ends_at + timedelta(days=1)
        attendance.note_absent(day, absent=True, actor=people[_OFFICE], now=next_day)
        attendance.issue(attendance_queries.certifiable(day.id), day=day, by=people[_OFFICE].name, now=next_day)
        _say_what_they_thought(came, day=day)
    return 0


def _let_in(number: int, seat: Registration, *, day: StudyDay, by: User) -> None:
    at = _arrival(number, day=day)
    _show(seat, at=at, day=day, door=_DOORS[number % 2], by=by)
    if number % _TWICE_EVERY == 5:
        _show(seat, at=at + timedelta(minutes=3), day=day, door=_DOORS[(number + 1) % 2], by=by)


def _arrival(number: int, *, day: StudyDay) -> datetime:
    """Return when the person of that number comes: most in the half hour before, a few once it has begun."""
    if number % _LATE_EVERY == _LATE_EVERY - 1:
        return day.starts_at + timedelta(minutes=5 + number % 12)
    return day.starts_at - timedelta(minutes=40 - (number * number * 7 + number) % 36, seconds=-(number * 13 % 60))


def _show(seat: Registration, *, at: datetime, day: StudyDay, door: str, by: User) -> None:
    attendance.check_in(Scan(registration_id=seat.id, at=at, device=door), day=day, by=by, now=at)


def _sign(came: list[Registration], *, day: StudyDay, actor: User) -> None:
    half = attendance_queries.half_days(day)[-1]
    marks = [
        Marks(registration_id=seat.id, present={half: number % _HALF_EVERY != 4})
        for number, seat in enumerate(came, start=1)
    ]
    attendance.enter(day, marks=marks, source=Source.SHEET, actor=actor, now=day.ends_at + timedelta(hours=2))


def _say_what_they_thought(came: list[Registration], *, day: StudyDay) -> None:
    """Let two in three answer the questionnaire two days later, a few of them in words."""
    for number, seat in enumerate(came):
        told = registrations.seat_as_it_is(seat.id)
        if number % 3 != 1 and told.is_named:
            surveys.answer(told, _opinion(number), now=day.ends_at + timedelta(days=2))


def _opinion(number: int) -> dict[str, str]:
    """Return what the person of that number answers: most are content, some less."""
    overall = 5 - (number * number + number) % 7 // 3
    answers = {
        "overall": str(overall),
        "content": str(min(5, overall + number % 2)),
        "organisation": str(max(1, overall - (number % 5 == 0))),
        "venue": str(4 - (number % 4 == 2)),
        "recommend": str(min(10, overall * 2 - (number % 3 == 0))),
    }
    if number % 6 == 0:
        answers["keep"] = _KEPT[number // 6 % len(_KEPT)]
    if number % 9 == 0:
        answers["improve"] = _CHANGED[number // 9 % len(_CHANGED)]
    return answers
