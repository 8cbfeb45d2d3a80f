"""What sends each mail of the newsletter, for the texts kept in ``tests/mail/texts``."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.magazine.statuses import Access, ArticleKind
from eventsapp.newsletter import rules, service
from eventsapp.places.models import City
from tests.newsletter.looking import ask, make_letter, make_reader, plan, send
from tests.support.makers.magazine import make_article, make_section
from tests.support.makers.study_days import NOW, make_study_day


def _letter(*, locale: str = "fr") -> None:
    city = City(slug="angers", name="Angers", latitude=47.47, longitude=-0.55)
    day = make_study_day(
        slug="angers", title="Mutualiser : mais quoi ?", city=city, starts_at=datetime(2026, 12, 15, 8, tzinfo=UTC)
    )
    make_article(
        slug="compte-rendu",
        title="Une direction pour deux",
        lead="Cinq territoires, cinq réponses.",
        kind=ArticleKind.REPORT,
        access=Access.SUBSCRIBERS,
        study_day_id=day.id,
        section=make_section("Compte rendu"),
        published_at=NOW - timedelta(days=1),
    )
    make_article(slug="annuaire", title="L’annuaire commun", published_at=NOW - timedelta(days=2))
    make_reader(locale=locale)
    letter = make_letter()
    letter.intro = "Bonjour,\n\nVoici **ce qui est paru** : [le magazine](https://exemple.fr/magazine/)."
    db.session.commit()
    plan(letter)
    send()


def _asked_again() -> None:
    make_reader()
    ask()


def _still_wanted() -> None:
    make_reader()
    with unit_of_work.transaction():
        service.ask_to_stay(now=NOW + rules.ASKED_AFTER)


#: Name of the text → template, and what sends it.
CASES: dict[str, tuple[str, Callable[[], object]]] = {
    "newsletter_confirm": ("newsletter/confirm", ask),
    "newsletter_confirm_en": ("newsletter/confirm", lambda: ask(locale="en")),
    "newsletter_still_wanted": ("newsletter/still_wanted", _still_wanted),
    "newsletter_known": ("newsletter/known", _asked_again),
    "newsletter_letter": ("newsletter/letter", _letter),
    "newsletter_letter_en": ("newsletter/letter", lambda: _letter(locale="en")),
}
