"""The study days: written as drafts, given their address, published; some moved or called off once seats are sold."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock, slugs
from eventsapp.core.db import db
from eventsapp.demo import papers, queries, reading, rules
from eventsapp.demo.service import _places
from eventsapp.demo.service._team import actor
from eventsapp.demo.service._transaction import writing
from eventsapp.demo.values import AskedText, DayText, Part, Voice
from eventsapp.files import service as files
from eventsapp.places.models import City
from eventsapp.speakers import queries as speakers
from eventsapp.speakers.models import Speaker
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import (
    DocumentAudience,
    QuestionKind,
    QuestionScope,
    RateCode,
    SessionKind,
    StudyDayStatus,
)
from eventsapp.study_days.values import Essentials, Particulars, Price, QuestionText, Slot, Talk
from eventsapp.vat.values import Component

#: Days before it is held, and the hour, when registration ends unless a day says otherwise.
_CLOSES_BEFORE, _CLOSES = timedelta(days=3), time(18)
#: The opening hours of a day of which only the date is known; no page shows them.
_UNKNOWN_HOURS = (time(9), time(17))


def load_day(text: DayText, *, now: datetime) -> int:
    """Write one day, and publish it unless it stays a draft; return 1, or 0 when it is there already."""
    with writing():
        if queries.day(text.slug) is not None:
            return 0
        organiser, announced = actor(RoleName.ORGANISER), now - timedelta(days=text.announced_days_ago)
        day = study_days.create_day(
            essentials=_essentials(text, organiser=organiser, announced=announced, now=now),
            prices=_prices(text, today=clock.local_date(now)),
            slots=[_slot(part, text, today=clock.local_date(now)) for part in text.sessions],
            actor=organiser,
            now=announced,
        )
        day.is_fictional = True
        _settle(day, text.slug, _particulars(text), organiser=organiser, now=announced)
        for asked in text.questions:
            study_days.add_question(day, text=_question(asked), actor=organiser, now=announced)
        if text.status != StudyDayStatus.DRAFT:
            study_days.publish(day, actor=organiser, now=announced)
        # What opens later, or is to be moved, has no settled programme to hand out.
        if text.status == StudyDayStatus.PUBLISHED and text.opens_in_days is None:
            _hand_out(text, organiser=organiser, now=announced)
    return 1


def load_angers(*, now: datetime) -> int:
    """Write the day at Angers from its facts; return 1, or 0 when it is there already."""
    facts, words = reading.angers_facts(), reading.angers_words()
    with writing():
        if queries.day(reading.ANGERS) is not None:
            return 0
        organiser, held = actor(RoleName.ORGANISER), facts["study_day"]
        town = _places.town(slugs.slugify(held["city"]), actor=organiser, now=now)
        essentials = Essentials(
            title=words["title"],
            lead=words["lead"],
            city_id=town.id,
            series_id=_key(queries.series(slugs.slugify(facts["series"]["title"]))),
            theme_id=_key(queries.theme(slugs.slugify(held["theme"]))),
            on=date.fromisoformat(held["date"]),
            starts=_UNKNOWN_HOURS[0],
            ends=_UNKNOWN_HOURS[1],
            hours_known=False,
            capacity=0,
        )
        slots = [
            Slot(
                title=session["subject"],
                summary=summary,
                talks=[
                    Talk(name=speaker["name"], role=speaker["role"], organisation=speaker["organisation"])
                    for speaker in session["speakers"]
                ],
            )
            for session, summary in zip(held["programme"], words["summaries"], strict=True)
        ]
        day = study_days.create_day(essentials=essentials, prices=(), slots=slots, actor=organiser, now=now)
        particulars = Particulars(description=words["description"], audience=words["audience"])
        _settle(day, reading.ANGERS, particulars, organiser=organiser, now=now)
        # What it cost is not known, and without a price no day can be published as one to come; this one has been.
        day.status = StudyDayStatus.PUBLISHED
        day.published_at = day.created_at = day.updated_at = day.starts_at
        audit.record("study_days.publish", subject=("study_day", day.id, day.title), now=now, actor=organiser)
        db.session.flush()
        _hand_out_at_angers(organiser=organiser, now=now)
    return 1


def _hand_out_at_angers(*, organiser: User, now: datetime) -> None:
    """Add an aide-mémoire of each session, for subscribers: it says no more than the site does."""
    day = queries.day(reading.ANGERS)
    if day is None:
        raise LookupError(reading.ANGERS)
    for session in day.sessions:
        paper = papers.handout_pdf(day, session, points=rules.sentences(session.summary))
        _add(
            day,
            "L’aide-mémoire de la séance",
            paper,
            name=f"Aide-mémoire {session.position}",
            session_id=session.id,
            audience=DocumentAudience.SUBSCRIBERS,
            organiser=organiser,
            now=now,
        )


def _add(
    day: StudyDay,
    title: str,
    data: bytes,
    *,
    name: str,
    session_id: int | None = None,
    audience: DocumentAudience = DocumentAudience.PUBLIC,
    organiser: User,
    now: datetime,
) -> None:
    file = files.store(data, name=f"{name} {day.slug}.pdf", by_id=organiser.id, now=now)
    study_days.add_document(
        day, title=title, file=file, session_id=session_id, audience=audience, actor=organiser, now=now
    )


def change_day(text: DayText, *, now: datetime) -> int:
    """Move the day, or call it off, as its file says, once its seats are sold; return 1, or 0 when that is done."""
    with writing():
        day, organiser = queries.day(text.slug), actor(RoleName.ORGANISER)
        when = now - timedelta(days=text.changed_days_ago)
        if day is None or day.status is not StudyDayStatus.PUBLISHED:
            return 0
        if text.status == StudyDayStatus.CANCELLED:
            study_days.cancel(day, note=text.status_note, actor=organiser, now=when)
        else:
            to = rules.day_on(clock.local_date(now), weeks=text.weeks, weekday=text.weekday)
            study_days.postpone(day, to=to, note=text.status_note, actor=organiser, now=when)
    return 1


def _settle(day: StudyDay, slug: str, particulars: Particulars, *, organiser: User, now: datetime) -> None:
    """Give the draft its address and its texts."""
    study_days.give_address(day, slug=slug, actor=organiser, now=now)
    study_days.edit_particulars(day, values=particulars, version=day.version, actor=organiser, now=now)


def _hand_out(text: DayText, *, organiser: User, now: datetime) -> None:
    """Add the documents: the programme, and for its people what was shown at sessions of a day that is past."""
    day = queries.day(text.slug)
    if day is None:
        raise LookupError(text.slug)

    title = "Le programme" if _is_past(text) else "Le programme, à joindre à votre demande"
    _add(day, title, papers.programme_pdf(day), name="Programme", organiser=organiser, now=now)
    for session, part in zip(day.sessions, text.sessions, strict=True):
        if part.handout:
            _add(
                day,
                "Ce qui a été projeté",
                papers.handout_pdf(day, session, points=part.handout),
                name="Support",
                session_id=session.id,
                audience=DocumentAudience.ATTENDEES,
                organiser=organiser,
                now=now,
            )


def _essentials(text: DayText, *, organiser: User, announced: datetime, now: datetime) -> Essentials:
    today = clock.local_date(now)
    on = _first_date(text, today=today)
    opens = _local(today, text.opens_in_days, time(9))
    city, venue_id = _place(text, opens=opens, organiser=organiser, now=announced)
    return Essentials(
        title=text.title,
        lead=text.lead,
        city_id=city.id,
        venue_id=venue_id,
        series_id=_key(queries.series(text.series)),
        theme_id=_key(queries.theme(text.theme)),
        on=on,
        starts=rules.clock(text.starts),
        ends=rules.clock(text.ends),
        last_date=on + timedelta(days=text.days - 1) if text.days > 1 else None,
        welcome=rules.clock(text.welcome) if text.welcome else None,
        capacity=text.capacity,
        opens=opens,
        closes=_local(today, text.closes_in_days, _CLOSES)
        or datetime.combine(rules.working_day_before(on - _CLOSES_BEFORE), _CLOSES),
    )


def _place(text: DayText, *, opens: datetime | None, organiser: User, now: datetime) -> tuple[City, int | None]:
    if not text.venue:
        return _places.town(text.city, actor=organiser, now=now), None
    city, venue = _places.building(text.venue, opens=opens, actor=organiser, now=now)
    return city, venue.id


def _first_date(text: DayText, *, today: date) -> date:
    """Return the date that the day is first announced for."""
    weeks = text.weeks if text.previous_weeks is None else text.previous_weeks
    return rules.day_on(today, weeks=weeks, weekday=text.weekday)


def _is_past(text: DayText) -> bool:
    return text.weeks < 0


def _local(today: date, in_days: int | None, hour: time) -> datetime | None:
    """Return that hour of the clock, so many days from today; naive, as forms give it."""
    return None if in_days is None else datetime.combine(today + timedelta(days=in_days), hour)


def _prices(text: DayText, *, today: date) -> list[Price]:
    prices = dict(text.prices)
    if text.early_bird:
        prices[RateCode.EARLY_BIRD] = text.early_bird.price
    until = today + timedelta(days=text.early_bird.ends_in_days) if text.early_bird else None
    return [
        Price(
            code=rate["code"],
            name=rate["name"],
            condition=rate["condition"],
            name_en=rate["name_en"],
            condition_en=rate.get("condition_en", ""),
            price_cents=prices[rate["code"]],
            components=(Component(category=text.vat_category, cents=prices[rate["code"]]),),
            for_subscribers=rate["code"] == RateCode.SUBSCRIBER,
            until=until if rate["code"] == RateCode.EARLY_BIRD else None,
        )
        for rate in reading.table("frame")["rates"]
        if rate["code"] in prices
    ]


def _particulars(text: DayText) -> Particulars:
    return Particulars(
        description=text.description,
        objectives=text.objectives,
        audience=text.audience,
        included=text.included,
        practical="" if _is_past(text) else text.practical,
        cancellation_terms=text.cancellation_terms,
        contact=text.contact,
    )


def _slot(part: Part, text: DayText, *, today: date) -> Slot:
    return Slot(
        title=part.title,
        kind=SessionKind(part.kind),
        summary=part.summary,
        room=part.room,
        on=_first_date(text, today=today) + timedelta(days=part.date - 1),
        starts=rules.clock(part.starts) if part.starts else None,
        ends=rules.clock(part.ends) if part.ends else None,
        talks=_talks(part.voices),
    )


def _question(asked: AskedText) -> QuestionText:
    return QuestionText(
        scope=QuestionScope(asked.scope),
        kind=QuestionKind(asked.kind),
        label=asked.label,
        label_en=asked.label_en,
        options=asked.options,
        help=asked.help,
        sensitive=asked.sensitive,
    )


def _talks(voices: Sequence[Voice]) -> list[Talk]:
    return [
        Talk(
            name=_speaker(voice.who).name,
            slug=voice.who,
            role=voice.role,
            organisation=voice.organisation,
            chairs=voice.chairs,
        )
        for voice in voices
    ]


def _speaker(slug: str) -> Speaker:
    found = speakers.speaker(slug)
    if found is None:
        raise LookupError(slug)
    return found


def _key(row: object) -> int | None:
    return getattr(row, "id", None)
