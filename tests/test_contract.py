"""What people, scripts and checks rely on: addresses, commands, the words of the statuses, what the API answers."""

from enum import StrEnum

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from eventsapp.magazine.statuses import ArticleStatus
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions.statuses import AgreementState, ChargeState, ContractStatus
from eventsapp.waiting_list.statuses import EntryStatus

ADDRESSES = """
/ /journees/ /journees/angers/ /journees/angers/seances/2/ /journees/angers.ics /journees/calendrier.ics
/journees/flux.atom /journees/angers/inscription/ /journees/angers/liste-d-attente/ /attente/un-secret/
/intervenants/ /intervenants/michel-monier/ /abonnements/
/abonnements/individuel/ /abonnements/individuel/offrir/ /abonnements/offert/un-secret/
/abonnements/renouveler/un-secret/ /abonnements/par-carte/un-secret/ /panier/ /commande/
/commandes/ABCDE/un-secret/ /devis/ABCDE/un-secret/
/commandes/ABCDE/un-secret/factures/F-2026-00001.pdf /commandes/ABCDE/un-secret/factures/F-2026-00001.xml
/commandes/retrouver/ /magazine/ /magazine/376/
/articles/un-titre/ /articles/un-titre.pdf /articles/flux.atom /recherche/ /compte/connexion/ /organisation/
/mentions-legales/ /confidentialite/ /accessibilite/ /conditions-generales/ /sante/vif /sante/pret /sitemap.xml
/robots.txt /api/v1/openapi.json /api/v1/docs /api/v1/study-days /api/v1/study-days/angers /api/v1/speakers
/api/v1/speakers/michel-monier /api/v1/reports /api/v1/reports/un-titre /api/v1/issues/376 /api/v1/plans
/api/v1/orders/ABCDE /api/v1/study-days/angers/registrations
"""
CALLS = [
    ("POST", "/paiement/stripe/webhook"),
    ("POST", "/api/v1/orders"),
    ("POST", "/api/v1/reports"),
    ("PATCH", "/api/v1/reports/un-titre"),
]
COMMANDS = {
    ("demo", "load"),
    ("users", "create"),
    ("tokens", "create"),
    ("orders", "expire"),
    ("payments", "reconcile"),
    ("mail", "send"),
    ("db", "upgrade"),
}


@pytest.mark.parametrize(("method", "path"), [*(("GET", path) for path in ADDRESSES.split()), *CALLS])
def test_each_address_of_the_contract_has_its_page(app: Flask, method: str, path: str) -> None:
    try:
        app.url_map.bind("localhost").match(path, method=method)
    except (NotFound, MethodNotAllowed, RequestRedirect) as error:
        pytest.fail(f"{method} {path}: {type(error).__name__}")


def test_the_commands_are_there(app: Flask) -> None:
    commands = app.cli.commands
    there = {(group, name) for group, command in commands.items() for name in getattr(command, "commands", {})}

    assert there >= COMMANDS


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        (OrderStatus, "pending confirmed cancelled expired"),
        (PaymentStatus, "due part_paid paid overpaid part_refunded refunded none"),
        (RegistrationStatus, "held confirmed attended absent cancelled"),
        (EntryStatus, "waiting offered accepted declined lapsed left removed dissolved"),
        (ContractStatus, "pending active expired cancelled"),
        (AgreementState, "asked active stopped over"),
        (ChargeState, "asked paid declined"),
        (StudyDayStatus, "draft published postponed cancelled"),
        (ArticleStatus, "draft in_review scheduled published withdrawn"),
    ],
)
def test_statuses_are_written_as_promised(statuses: type[StrEnum], words: str) -> None:
    assert {status.value for status in statuses} == set(words.split())
