"""What sends each mail of messages, for the texts kept in ``tests/mail/texts``."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.magazine.statuses import Access, ArticleKind
from eventsapp.mailings import service
from eventsapp.mailings.statuses import Basis, ReminderKind
from eventsapp.mailings.values import Audience
from eventsapp.places.models import City
from eventsapp.study_days.models import StudyDay
from tests.mailings.looking import GONE, make_mailing, plan, to_day
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.places import make_venue
from tests.support.makers.study_days import NOW, make_session, make_study_day
from tests.support.makers.subscriptions import make_contract


def _day(*, locale: str = "fr") -> StudyDay:
    city = City(slug="angers", name="Angers", latitude=47.47, longitude=-0.55)
    venue = make_venue(
        city,
        slug="centre",
        name="Centre de congrès",
        address="33, boulevard Carnot",
        postcode="49000",
        access_by_train="Gare d’Angers-Saint-Laud, puis tramway A, arrêt Centre de congrès.",
        access_by_road="Parking Haras, à cinq minutes.",
        accessibility="De plain-pied, boucle magnétique.",
    )
    day = make_study_day(
        slug="angers",
        title="Mutualiser : mais quoi ?",
        city=city,
        venue=venue,
        welcome_at=datetime(2027, 2, 24, 7, 30, tzinfo=UTC),
    )
    place(seats(day, an_attendee()), locale=locale)
    return day


def _to_participants() -> None:
    plan(make_mailing(to_day(_day())))
    service.send_due(clock=lambda: GONE)


def _to_subscribers() -> None:
    make_contract("lectrice@exemple.fr", delivery_name="Claude Roux")
    body = "Bonjour {nom},\n\n## Le numéro 18\n\nIl paraît **lundi** : [votre compte]({lien})."
    plan(make_mailing(Audience(basis=Basis.SUBSCRIBERS), subject="Le numéro 18 paraît", body=body))
    service.send_due(clock=lambda: GONE)


def _reminded(days: int, *, locale: str = "fr", text: str = "") -> None:
    day, actor = _day(locale=locale), make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        service.save_reminders(day, dict.fromkeys(ReminderKind, (True, text)), actor=actor, now=NOW)
    service.remind_due(now=day.starts_at - timedelta(days=days))


def _reports(*titles: str, access: Access = Access.SUBSCRIBERS, text: str = "") -> None:
    day, actor = _day(), make_user(RoleName.ORGANISER)
    session = make_session(day, position=1, title="Partager une direction générale")
    now = day.ends_at + timedelta(days=3)
    with unit_of_work.transaction():
        service.save_reminders(day, {ReminderKind.REPORTS: (True, text)}, actor=actor, now=NOW)
    for number, title in enumerate(titles, start=1):
        make_article(
            slug=f"compte-rendu-{number}",
            title=title,
            lead="Cinq territoires, cinq réponses.",
            kind=ArticleKind.REPORT,
            access=access,
            study_day_id=day.id,
            sessions=[session],
            published_at=now,
        )
    service.tell_reports(now=now + timedelta(hours=1))


def _survey(*, locale: str = "fr") -> None:
    service.ask_opinions(now=_day(locale=locale).ends_at + timedelta(days=1))


#: Name of the text → template, and what sends it.
CASES: dict[str, tuple[str, Callable[[], object]]] = {
    "message_to_participants": ("mailings/message", _to_participants),
    "message_to_subscribers": ("mailings/message", _to_subscribers),
    "reminder_week": ("mailings/reminder", lambda: _reminded(7, text="{prenom}, **apportez** votre billet.")),
    "reminder_eve": ("mailings/reminder", lambda: _reminded(1)),
    "report_out": ("mailings/reports", lambda: _reports("La mutualisation : cinq réponses", access=Access.PUBLIC)),
    "reports_out": (
        "mailings/reports",
        lambda: _reports("Une direction pour deux", "Tout le personnel ?", text="Merci d’être venu, {prenom}."),
    ),
    "survey": ("mailings/survey", _survey),
    "survey_en": ("mailings/survey", lambda: _survey(locale="en")),
    "reminder_eve_en": ("mailings/reminder", lambda: _reminded(1, locale="en")),
}
