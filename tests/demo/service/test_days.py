"""The days: Angers as it is known, the others in full."""

import json
from collections import Counter
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import joinedload

from eventsapp.core import clock
from eventsapp.core.db import Base, db
from eventsapp.demo import queries, reading
from eventsapp.magazine.models import Article
from eventsapp.places.models import Venue
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import SEATED
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention, StudyDay
from eventsapp.study_days.statuses import Availability, RateCode, StudyDayStatus
from eventsapp.waiting_list.models import WaitingEntry, WaitingOffer

Row = TypeVar("Row", bound=Base)

#: The facts, typed here once more: what is loaded must be what is known, not what the file says.
PROGRAMME = [
    (
        "Angers et Angers Loire Métropole",
        [
            (
                "Jean-Claude Antonini",
                "maire d’Angers et président de la communauté d’agglomération",
                "Angers Loire Métropole",
            ),
            ("Michel Monier", "directeur général des services (DGS)", "Angers Loire Métropole"),
            ("Claude Laurent", "directeur général adjoint (DGA) chargé des ressources", "Angers Loire Métropole"),
        ],
    ),
    (
        "Mulhouse et son agglomération",
        [
            (
                "Jean-François Girardin",
                "directeur général adjoint (DGA)",
                "Communauté d’agglomération Mulhouse Sud Alsace",
            )
        ],
    ),
    (
        "Amiens et sa communauté d’agglomération",
        [("Alain Bacro", "a conduit la mutualisation des services", "Amiens")],
    ),
    (
        "Blois, son agglomération, son CIAS et le pays de Chambord",
        [("Olivier Grégoire", "directeur général (DG)", "Territorial")],
    ),
    (
        "Cholet et sa communauté",
        [("Jérôme Doisy", "directeur général adjoint (DGA) de la ville", "Ville de Cholet")],
    ),
]


def test_angers_has_its_five_sessions_and_seven_speakers_in_the_roles_of_that_day(demo: Flask) -> None:
    day = _day("angers-2009")

    found = [
        (session.title, [(talk.speaker.name, talk.role, talk.organisation) for talk in session.interventions])
        for session in day.sessions
    ]

    assert found == PROGRAMME
    assert [session.position for session in day.sessions] == [1, 2, 3, 4, 5]


def test_angers_is_dated_and_nothing_unknown_is_said_of_it(demo: Flask) -> None:
    day = _day("angers-2009")

    assert (day.date.isoformat(), day.last_date.isoformat()) == ("2009-02-24", "2009-02-24")
    assert (day.city.name, day.timezone) == ("Angers", "Europe/Paris")
    assert (day.hours_known, day.venue, day.welcome_at, day.rates) == (False, None, None, [])
    assert [(each.session_id, each.audience) for each in day.documents] == [
        (session.id, "subscribers") for session in day.sessions
    ]
    assert {session.starts_at for session in day.sessions} == {None}
    assert (day.status, day.is_fictional) == (StudyDayStatus.PUBLISHED, False)


def test_the_file_of_facts_says_the_same() -> None:
    facts = json.loads((reading.CONTENT / "angers-2009.json").read_text(encoding="utf-8").replace("'", "’"))

    assert [
        (
            session["subject"],
            [(speaker["name"], speaker["role"], speaker["organisation"]) for speaker in session["speakers"]],
        )
        for session in facts["study_day"]["programme"]
    ] == PROGRAMME


def test_the_reports_of_angers_stand_in_their_numbers(demo: Flask) -> None:
    report, before = (_article(slug) for slug in (
        "la-mutualisation-avec-ceux-qui-l-ont-conduite",
        "angers-et-son-agglo-mutualisent-leur-direction-generale",
    ))  # fmt: skip

    assert report.title == "La mutualisation avec ceux qui l’ont conduite\u202f!"
    assert before.title == "Angers et son agglo mutualisent leur direction générale"
    assert (report.issue and report.issue.number, before.issue and before.issue.number) == (376, 374)
    assert report.issue is not None
    assert str(report.issue.published_on) == "2009-03-15"
    assert report.section is not None
    assert report.section.name == "Reportage"
    assert [session.position for session in report.sessions] == [1, 2, 3, 4, 5]
    assert {speaker.name for speaker in report.speakers} == {name for _, people in PROGRAMME for name, _, _ in people}
    assert [line.other_id for line in report.related] == [before.id]
    assert before.issue is not None
    assert (before.issue.published_on, before.dated_at) == (None, None)
    assert {report.is_fictional, before.is_fictional} == {False}


def test_everything_else_says_that_it_is_made_up(demo: Flask) -> None:
    real = {name for _, people in PROGRAMME for name, _, _ in people}

    assert {day.slug for day in _all(StudyDay) if not day.is_fictional} == {"angers-2009"}
    assert {speaker.name for speaker in _all(Speaker) if not speaker.is_fictional} == real
    assert sum(not article.is_fictional for article in _all(Article)) == 2


def test_seats_taken_are_the_registrations_and_offers_counted(demo: Flask) -> None:
    counted = Counter(
        dict(
            db.session.execute(
                sa.select(Registration.study_day_id, sa.func.count())
                .where(Registration.status.in_(SEATED))
                .group_by(Registration.study_day_id)
            ).all()
        )
    )
    offered = db.session.execute(
        sa.select(WaitingEntry.study_day_id, WaitingOffer.seats)
        .join(WaitingOffer.entry)
        .where(WaitingOffer.outcome.is_(None))
    )
    for day_id, seats in offered:
        counted[day_id] += seats
    wanted = {text.slug: text.seats for text in reading.days()} | {"angers-2009": 0}

    assert {day.slug: day.seats_taken for day in _all(StudyDay)} == {
        day.slug: counted.get(day.id, 0) for day in _all(StudyDay)
    }
    assert {day.slug: day.seats_taken for day in _all(StudyDay)} == wanted


def test_the_day_with_few_seats_has_seven_left(demo: Flask) -> None:
    now = clock.now()

    assert [day.seats_left for day in _all(StudyDay) if day.availability(now) is Availability.FEW_SEATS] == [7]


def test_days_are_as_different_as_the_pages_must_show(demo: Flask) -> None:
    now, limoges, dijon = clock.now(), _day("limoges-elus-budget"), _day("dijon-budget-vert")
    postponed = next(day for day in _all(StudyDay) if day.status is StudyDayStatus.POSTPONED)
    early = next(rate for rate in dijon.rates if rate.code == RateCode.EARLY_BIRD)

    assert {day.timezone for day in _all(StudyDay)} == {"Europe/Paris", "Indian/Reunion"}
    assert [day.slug for day in _all(StudyDay) if day.last_date > day.date] == ["montpellier-prendre-un-poste"]
    assert [rate.price_cents for rate in limoges.rates if rate.code == RateCode.ELECTED] == [0]
    assert early.available_until is not None
    assert 0 < (early.available_until - now).days < 11
    assert postponed.previous_starts_at is not None
    assert postponed.previous_starts_at < postponed.starts_at
    assert postponed.status_note
    assert sum(day.status is StudyDayStatus.DRAFT for day in _all(StudyDay)) == 2


def test_most_buildings_say_how_to_get_there_and_in(demo: Flask) -> None:
    upcoming = {day.venue_id for day in _all(StudyDay) if day.ends_at > clock.now()}
    venues = [venue for venue in _all(Venue) if venue.id in upcoming]

    assert sum(bool(venue.access_by_train and venue.access_by_road and venue.accessibility) for venue in venues) == 13
    assert sum(venue.name.startswith("Lieu communiqué en ") for venue in venues) == 1


def test_programmes_can_be_downloaded_and_slides_too(demo: Flask) -> None:
    settings = demo.extensions["eventsapp.settings"]
    nantes, poitiers = _day("nantes-services-communs"), _day("poitiers-fusionner-deux-directions")
    files = [document.file for day in (nantes, poitiers) for document in day.documents]

    assert [document.session_id is None for document in poitiers.documents] == [True, False]
    assert [file.name for file in files if file] == [
        "Programme nantes-services-communs.pdf",
        "Programme poitiers-fusionner-deux-directions.pdf",
        "Support poitiers-fusionner-deux-directions.pdf",
    ]
    assert all(
        Path(settings.storage_path, file.key[:2], file.key).read_bytes().startswith(b"%PDF-") for file in files if file
    )


def test_a_speaker_has_another_role_on_another_day(demo: Flask) -> None:
    roles = db.session.scalars(
        sa.select(Intervention.role).join(Intervention.speaker).where(Speaker.slug == "helene-marchand")
    ).all()

    assert set(roles) == {"directrice générale adjointe", "directrice générale des services"}


def _day(slug: str) -> StudyDay:
    found = queries.day(slug)
    assert found is not None
    for document in found.documents:
        db.session.refresh(document, ["file"])
    return found


def _article(slug: str) -> Article:
    return db.session.scalars(
        sa.select(Article)
        .where(Article.slug == slug)
        .options(
            joinedload(Article.issue),
            joinedload(Article.section),
            joinedload(Article.sessions),
            joinedload(Article.speakers),
            joinedload(Article.related),
        )
    ).unique().one()  # fmt: skip


def _all(model: type[Row]) -> list[Row]:
    return list(db.session.scalars(sa.select(model)))
