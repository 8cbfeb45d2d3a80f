"""The pages on which the office handles money, in the states in which they look different."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa

from eventsapp.checkout import service as checkout
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db
from eventsapp.demo import queries
from eventsapp.demo.service import team
from eventsapp.dunning import service as dunning
from eventsapp.invoices.models import Invoice, QuoteRecord
from eventsapp.invoices.statuses import Check, DocumentKind
from eventsapp.orders.models import Order
from eventsapp.payments.models import PaymentAlert
from eventsapp.payments.statuses import AlertKind
from eventsapp.promotions.models import PromoCode
from eventsapp.receipts import queries as receipts
from eventsapp.receipts import service as receipt_service
from eventsapp.study_days.models import StudyDay
from tests.support.makers.orders import place, seats

#: Pages that are the same whatever was ordered; long lists are narrowed: a row is like another.
ALWAYS = [
    "commandes/?etat=retard", "devis/", "devis/nouveau/", "devis/nouveau/journee/pau-marches-publics/",
    "devis/nouveau/formule/numerique/", "mandats/?etat=rejected", "relances/", "relances/etapes/",
    "relances/etapes/1/", "relances/taux/", "factures/?etat=avoirs", "factures/mentions/",
    "encaissements/", "encaissements/?q=haute-lande", "encaissements/?q=introuvable",
    "encaissements/journal/?q=haute-lande",
    "encaissements/remises/", "encaissements/remises/1/", "encaissements/releve/", "reglements/?q=haute-lande",
    "reglements/alertes/", "reglements/alertes/1/", "comptabilite/", "comptabilite/?du=2000-01-01&au=2000-12-31",
    "comptabilite/comptes/", "conditions-d-annulation/", "codes-promotionnels/", "codes-promotionnels/nouveau/",
    "journees/pau-marches-publics/conditions-d-annulation/", "journees/pau-marches-publics/annuler/",
    "journees/dijon-budget-vert/annulation/",
]  # fmt: skip
#: Story of an order of the demonstration → the pages below the order that differ by it.
OF_ORDERS = {
    "nantes-mandat-du": ("", "mandat/", "reglement/", "annuler/", "relances/"),
    "nantes-mandat-en-retard": ("", "mandat/"),
    "rennes-mandat-en-retard": ("mandat/",),
    "nantes-cheque-partiel": ("",),
    "rennes-cheque-trop-percu": ("", "transfert/"),
    "dijon-carte-en-attente": ("",),
    "rennes-carte-expiree": ("",),
    "reims-payee-sans-place": ("",),
    "nantes-remboursement-partiel": ("", "remboursement/", "remboursement-carte/"),
    "caen-rembourse": ("",),
    "limoges-elus": ("",),
}
STATEMENT = (
    "Date;Libellé;Montant\n"
    "02/11/2026;VIR TRESORERIE COTEAUX DE SEILLE;870,00\n"
    "03/11/2026;VIR M DUPONT;12,30\n"
    "04/11/2026;VIR {reference};1,00\n"
)


def make_money_pages(*, now: datetime) -> list[str]:
    """Add to the demonstration what it has no example of; return the addresses of the pages."""
    reminded = _an_order_that_was_reminded(now=now)
    with unit_of_work.transaction():
        (actor,) = queries.people([team()[0].email])
        cheques = [payment.id for payment in receipts.cheques_to_deposit()[:3]]
        receipt_service.deposit(cheques, deposited_on=clock.local_date(now), actor=actor, now=now)
        receipt_service.import_statement(STATEMENT.format(reference=reminded).encode(), actor=actor, now=now)
        checkout.cancel_day(_day("dijon-budget-vert"), note="La salle est fermée.", actor=actor, now=now)
        db.session.add(
            PaymentAlert(
                kind=AlertKind.PAYMENT,
                payment_id="pi_unknown",
                amount_cents=9900,
                currency="usd",
                problem="la commande est inconnue",
                raised_at=now,
            )
        )
        refused = db.session.scalars(sa.select(Invoice).order_by(Invoice.id).limit(1)).one()
        refused.check, refused.problems = Check.INVALID, [["BR-CO-15", "Invoice total amount with VAT"]]
    return [f"/organisation/{page}" for page in (*ALWAYS, *_of_orders(reminded), *_of_records())]


def _an_order_that_was_reminded(*, now: datetime) -> str:
    """Trials are not reminded: this one is real until it is, then a trial like all that the pages are to show."""
    with _nothing_made_up():
        order = place(seats(_day("pau-marches-publics")), payment_method="mandat", now=now - timedelta(days=34))
    reference, order_id = order.reference, order.id
    assert dunning.remind_due(now=now) == 1
    with unit_of_work.transaction():
        db.session.execute(sa.update(Order).where(Order.id == order_id).values(is_test=True))
    return reference


@contextmanager
def _nothing_made_up() -> Iterator[None]:
    """Let what is ordered meanwhile be real: at a demonstration it would be a trial."""
    made_up = sa.select(StudyDay.id).where(StudyDay.is_fictional)
    with unit_of_work.transaction():
        keys = db.session.scalars(made_up).all()
        db.session.execute(sa.update(StudyDay).values(is_fictional=False))
    yield
    with unit_of_work.transaction():
        db.session.execute(sa.update(StudyDay).where(StudyDay.id.in_(keys)).values(is_fictional=True))


def _day(slug: str) -> StudyDay:
    found = queries.day(slug)
    assert found is not None
    return found


def _of_orders(reminded: str) -> list[str]:
    keys = {f"demo-{key}": pages for key, pages in OF_ORDERS.items()}
    found = db.session.scalars(sa.select(Order).where(Order.idempotency_key.in_(keys))).all()
    assert len(found) == len(keys)
    return [
        f"commandes/{reminded}/relances/",
        f"commandes/{reminded}/",
        *(f"commandes/{order.reference}/{page}" for order in found for page in keys[order.idempotency_key or ""]),
    ]


def _of_records() -> list[str]:
    """Return the pages of an invoice that is refused, of one, of a credit note, of each quote and of a code."""
    invoices = [
        db.session.scalars(sa.select(Invoice.number).where(*which).order_by(Invoice.id).limit(1)).one()
        for which in (
            [Invoice.check == Check.INVALID],
            [Invoice.check != Check.INVALID],
            [Invoice.kind == DocumentKind.CREDIT_NOTE],
        )
    ]
    quotes = db.session.scalars(sa.select(QuoteRecord.reference)).all()
    code = db.session.scalars(sa.select(PromoCode.id).limit(1)).one()
    return [
        *(f"factures/{number}/" for number in invoices),
        *(f"devis/{reference}/" for reference in quotes),
        f"codes-promotionnels/{code}/",
        f"codes-promotionnels/{code}/utilisations/",
    ]
