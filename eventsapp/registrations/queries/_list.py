"""The office's list of registrations, of one day or of all."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, selectinload

from eventsapp.core import i18n
from eventsapp.core.listing import Asked, Choice, Column, Condition, Dates, Kind, Listing, State
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order, OrderLine
from eventsapp.places.models import City
from eventsapp.registrations.models import Answer, Registration
from eventsapp.registrations.statuses import SEATED, RegistrationStatus
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import Question, Rate, StudyDay

STATUS_WORDS = {
    RegistrationStatus.HELD: _l("Retenue"),
    RegistrationStatus.CONFIRMED: _l("Confirmée"),
    RegistrationStatus.ATTENDED: _l("Présente"),
    RegistrationStatus.ABSENT: _l("Absente"),
    RegistrationStatus.CANCELLED: _l("Annulée"),
}
STATUS_TONES = {
    RegistrationStatus.HELD: "wait",
    RegistrationStatus.CONFIRMED: "good",
    RegistrationStatus.ATTENDED: "good",
    RegistrationStatus.ABSENT: "bad",
}
_SEATED = (RegistrationStatus.CONFIRMED, RegistrationStatus.ATTENDED, RegistrationStatus.ABSENT)
#: Rows of a tab that are counted.
COUNT_BOUND = 10_000
_PLACE = Column(
    "place",
    _l("Place"),
    lambda row: STATUS_WORDS[row.status],
    kind=Kind.STATE,
    tone=lambda row: STATUS_TONES.get(row.status),
    second=lambda row: orders.TRIAL if row.is_test else None,
    second_label=orders.TRIAL,
)
_NEEDS = Column("besoin", _l("Besoin d’accessibilité"), lambda row: row.access_needs, only_in_file=True)
_NEEDS_FILTER = Choice(
    name="besoin",
    label=_l("Besoin d’accessibilité"),
    options={"oui": _l("Besoin d’accessibilité")},
    where=lambda _value: Registration.access_needs != "",
)


#: How the keys of columns of answers begin.
_ANSWER = "question-"


def registration_list(
    *,
    methods: Mapping[str, str],
    study_day_id: int | None = None,
    with_needs: bool = False,
    questions: Sequence[Question] = (),
    with_answers: bool = False,
) -> Listing:
    """Return the list of registrations of one day or of all; ``methods`` maps codes of payment methods to names.

    ``with_needs`` adds what participants ask for to be able to take part, for those who may know; ``questions`` of
    the day, which the reader may see, have a column each in the file and on the page where it is chosen, which needs
    the list ``with_answers``.
    """
    statement = (
        sa.select(Registration)
        .join(Registration.order_line)
        .join(OrderLine.order)
        .join(Registration.rate)
        .join(Registration.study_day)
        .join(StudyDay.city)
    )
    counting = sa.select(Registration)
    if study_day_id is not None:
        statement = statement.where(Registration.study_day_id == study_day_id)
        counting = counting.where(Registration.study_day_id == study_day_id)
    by_name = (Registration.named_at.is_(None), Registration.last_name.asc())
    order = (Registration.created_at.desc(),) if study_day_id is None else by_name
    return Listing(
        name="inscriptions",
        title=_l("Inscriptions"),
        statement=statement,
        loads=(
            contains_eager(Registration.order_line).contains_eager(OrderLine.order),
            contains_eager(Registration.rate),
            contains_eager(Registration.study_day).contains_eager(StudyDay.city),
            *([selectinload(Registration.answer_rows).joinedload(Answer.question)] if with_answers else []),
        ),
        states=_states(),
        search=(
            Registration.first_name,
            Registration.last_name,
            Registration.email,
            Registration.job_title,
            Order.billing_name,
            Order.reference,
        ),
        domains=(Registration.email,),
        amounts=(Order.total_cents,),
        search_hint=_l("Nom, courriel, organisme, commande, montant"),
        filters=(
            Choice(
                name="reglement",
                label=_l("Règlement"),
                options=methods,
                where=lambda code: _of_orders(Order.payment_method == code),
            ),
            Choice(
                name="tarif",
                label=_l("Tarif"),
                options=partial(study_days.rate_names, study_day_id),
                where=_of_rate,
            ),
            *([_NEEDS_FILTER] if with_needs else []),
            Dates(name="recue", label=_l("Reçue"), column=Registration.created_at),
        ),
        columns=(
            *_columns(methods, one_day=study_day_id is not None),
            *([_NEEDS] if with_needs else []),
            *_answers(questions),
        ),
        order=(*order, Registration.id.desc()),
        columns_chosen=True,
        views="inscriptions" if study_day_id is None else "inscriptions-d-une-journee",
        count_bound=COUNT_BOUND,
        counting=counting,
        empty=_l("Aucune inscription encore. Les inscriptions paraîtront ici dès la première."),
    )


def only(described: Listing, keys: Collection[int]) -> Listing:
    """Return a list of registrations with these alone."""
    return replace(described, statement=described.statement.where(Registration.id.in_(keys)), counting=None)


def shows_answers(asked: Asked) -> bool:
    """Return whether a column of an answer was chosen."""
    return any(column.key.startswith(_ANSWER) for column in asked.columns)


def _answers(questions: Sequence[Question]) -> list[Column]:
    def answer(question: Question) -> Callable[[Registration], str | None]:
        key = question.id
        return lambda row: next((each.text for each in row.answer_rows if each.question_id == key), None)

    return [
        Column(f"{_ANSWER}{question.code}", question.label, answer(question), only_in_file=True)
        for question in questions
    ]


def door_list(*, study_day_id: int) -> Listing:
    """Return who is expected at a day, for whoever stands at its door: names and rates, nothing else."""
    return Listing(
        name="accueil",
        title=_l("Participants"),
        statement=sa.select(Registration)
        .join(Registration.rate)
        .where(Registration.study_day_id == study_day_id, Registration.status.in_(_SEATED)),
        loads=(contains_eager(Registration.rate),),
        search=(Registration.first_name, Registration.last_name),
        search_hint=_l("Nom"),
        columns=(
            Column("participant", _l("Participant"), lambda row: row.name, sort=Registration.last_name),
            Column("tarif", _l("Tarif"), lambda row: row.rate.local_name),
            _PLACE,
        ),
        order=(
            Registration.named_at.is_(None),
            Registration.last_name.asc(),
            Registration.first_name.asc(),
            Registration.id.asc(),
        ),
        empty=_l("Aucune inscription."),
    )


def _of_rate(code: str) -> Condition:
    return Registration.rate_id.in_(sa.select(Rate.id).where(Rate.code == code).correlate(None))


def _of_orders(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Say of a seat that its order meets these conditions, in a list with orders and in one that only counts."""
    lines = sa.select(OrderLine.id).join(OrderLine.order).where(*conditions).correlate(None)
    return Registration.order_line_id.in_(lines)


def _states() -> tuple[State, ...]:
    seated = Registration.status.in_(_SEATED)
    return (
        State("toutes", _l("Toutes")),
        State("confirmees", _l("Confirmées"), where=seated),
        State(
            "a-regler", _l("Confirmées, à régler"), where=sa.and_(seated, _of_orders(orders.owed(), orders.counted()))
        ),
        State(
            "a-nommer", _l("À nommer"), where=sa.and_(Registration.status.in_(SEATED), Registration.named_at.is_(None))
        ),
        State("presentes", _l("Présentes"), where=Registration.status == RegistrationStatus.ATTENDED),
        State("absentes", _l("Absentes"), where=Registration.status == RegistrationStatus.ABSENT),
        State("retenues", _l("Retenues"), where=Registration.status == RegistrationStatus.HELD),
        State("annulees", _l("Annulées"), where=Registration.status == RegistrationStatus.CANCELLED),
    )


def _columns(methods: Mapping[str, str], *, one_day: bool) -> tuple[Column, ...]:
    day = Column(
        "journee",
        _l("Journée"),
        lambda row: row.study_day.city.name,
        second=lambda row: i18n.date_short(row.study_day.date),
        second_label=_l("Date"),
        sort=City.name,
        sort_through=(Registration.study_day, StudyDay.city),
        only_in_file=one_day,
        on_phone=False,
    )
    return (
        Column(
            "participant",
            _l("Participant"),
            lambda row: row.name,
            opens=True,
            sort=Registration.last_name,
            second=lambda row: row.order_line.order.billed_to,
            second_label=_l("Organisme"),
        ),
        day,
        Column("tarif", _l("Tarif"), lambda row: row.rate.local_name, on_phone=False),
        _PLACE,
        Column(
            "reglement",
            _l("Règlement"),
            lambda row: orders.payment_word(row.order_line.order),
            kind=Kind.STATE,
            tone=lambda row: orders.payment_tone(row.order_line.order),
            second=lambda row: methods.get(row.order_line.order.payment_method),
            second_label=_l("Mode"),
        ),
        Column(
            "montant",
            _l("Montant"),
            lambda row: row.rate.price_cents,
            kind=Kind.MONEY,
            sort=Rate.price_cents,
            sort_through=(Registration.rate,),
        ),
        Column("recue", _l("Reçue"), lambda row: row.created_at, kind=Kind.MOMENT, sort=Registration.created_at),
        Column("courriel", _l("Courriel"), lambda row: row.email, only_in_file=True),
        Column("fonction", _l("Fonction"), lambda row: row.job_title, only_in_file=True),
        Column("commande", _l("Commande"), lambda row: row.order_line.order.reference, only_in_file=True),
    )
