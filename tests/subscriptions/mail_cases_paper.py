"""What sends each mail about where paper goes."""

from collections.abc import Callable
from datetime import date, timedelta

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.subscriptions import service
from eventsapp.subscriptions.statuses import ContractKind, Edition, UndeliveredReason
from eventsapp.subscriptions.values import Delivery, Grant
from tests.subscriptions.looking import in_full
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan

HOME = {
    "delivery_name": "Claude Roux",
    "delivery_address": "1, place de la Mairie",
    "delivery_postcode": "44000",
    "delivery_city": "Nantes",
}
NEW = Delivery(name="Claude Roux", address="18 rue des Jardiniers", postcode="38000", city="Grenoble")


def _moved(*, days: int = 0, locale: str = "fr") -> None:
    plan = make_plan(name="Papier et numérique", name_en="Print and digital", edition=Edition.BOTH)
    contract = make_contract("lectrice@exemple.fr", plan=plan, locale=locale, **HOME)
    with unit_of_work.transaction():
        service.change_address(in_full(contract), NEW, from_on=NOW.date() + timedelta(days=days), now=NOW)


def _came_back(reason: UndeliveredReason, *, edition: Edition = Edition.BOTH, locale: str = "fr") -> None:
    contract = make_contract("lectrice@exemple.fr", plan=make_plan(edition=edition), locale=locale, **HOME)
    with unit_of_work.transaction():
        service.mark_undelivered(
            in_full(contract), reason=reason, on=NOW.date(), actor=make_user(RoleName.ORGANISER), now=NOW
        )


def _granted(kind: ContractKind, *, edition: Edition = Edition.DIGITAL) -> None:
    wish = Grant(
        kind=kind,
        email="michel.monier@exemple.fr",
        delivery=Delivery(name="Michel Monier"),
        ends_on=date(2027, 11, 22),
        reason="Intervenant",
    )
    plan = make_plan(name="Papier et numérique" if edition is Edition.BOTH else "Numérique", edition=edition)
    with unit_of_work.transaction():
        service.grant(plan, wish, actor=make_user(RoleName.ORGANISER), now=NOW)


#: Name of the text → template, and what sends it.
CASES: dict[str, tuple[str, Callable[[], object]]] = {
    "address_changed": ("subscriptions/address_changed", _moved),
    "address_changed_later": ("subscriptions/address_changed", lambda: _moved(days=30)),
    "address_changed_en": ("subscriptions/address_changed", lambda: _moved(days=30, locale="en")),
    "granted_complimentary": ("subscriptions/granted", lambda: _granted(ContractKind.COMPLIMENTARY)),
    "granted_on_paper": (
        "subscriptions/granted",
        lambda: _granted(ContractKind.COMPLIMENTARY, edition=Edition.BOTH),
    ),
    "granted_trial": ("subscriptions/granted", lambda: _granted(ContractKind.TRIAL)),
    "undelivered": ("subscriptions/undelivered", lambda: _came_back(UndeliveredReason.UNKNOWN)),
    "undelivered_print": (
        "subscriptions/undelivered",
        lambda: _came_back(UndeliveredReason.REFUSED, edition=Edition.PRINT),
    ),
    "undelivered_en": ("subscriptions/undelivered", lambda: _came_back(UndeliveredReason.ADDRESS, locale="en")),
}
