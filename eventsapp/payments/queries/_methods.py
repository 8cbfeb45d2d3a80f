"""Reading payment methods, and what each asks to be shown."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from stdnum import iban

from eventsapp.core import french, i18n, settings
from eventsapp.core.db import db
from eventsapp.core.listing import Choice, Column, Kind, Listing, State
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.payments import rules
from eventsapp.payments.models import Payment, PaymentMethod, Refund
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.payments.values import Terms, Uses, terms_from_json

_HOUR, _DAY = 60, 24 * 60
_OFFERED, _WITHDRAWN = _l("Proposé"), _l("Retiré")
MOMENT_WORDS = {
    InvoiceMoment.ORDER: _l("Dès la commande"),
    InvoiceMoment.PAYMENT: _l("Au règlement complet"),
    InvoiceMoment.DELIVERY: _l("Après la journée, ou au service fait"),
}


def takes_cards() -> bool:
    """Return whether there is a gateway to pay at."""
    return bool(settings.current().stripe_secret_key)


def enabled_methods() -> Sequence[PaymentMethod]:
    """Return the methods on offer, in their order; one that is paid online only where there is a gateway."""
    return db.session.scalars(sa.select(PaymentMethod).where(_on_offer()).order_by(PaymentMethod.position)).all()


def methods_for(days: Collection[datetime], *, now: datetime) -> Sequence[PaymentMethod]:
    """Return the methods on offer for an order whose days start then: some are not, close to a day."""
    return [
        method
        for method in enabled_methods()
        if all(
            rules.is_offered(closes_days_before=method.closes_days_before, day_starts_at=day, now=now) for day in days
        )
    ]


def enabled_method(code: str) -> PaymentMethod | None:
    """Return the method on offer with that code, or ``None``."""
    return db.session.scalar(sa.select(PaymentMethod).where(_on_offer(), PaymentMethod.code == code))


def all_methods() -> Sequence[PaymentMethod]:
    """Return every method, those switched off included: an old order may have one."""
    return db.session.scalars(sa.select(PaymentMethod).order_by(PaymentMethod.position, PaymentMethod.id)).all()


def refund_methods() -> Sequence[PaymentMethod]:
    """Return the ways by which the office can send money back by hand: none online, nor by a buyer's purchase order."""
    return [row for row in all_methods() if not row.online and row.purchase_order_days is None]


def method_names() -> dict[str, str]:
    """Return code → name of every method, in the language in use."""
    return {row.code: row.local_name for row in all_methods()}


def method(code: str) -> PaymentMethod:
    """Return the method of an order."""
    return db.session.scalars(sa.select(PaymentMethod).where(PaymentMethod.code == code)).one()


def method_or_none(code: str) -> PaymentMethod | None:
    """Return the method with that code, if there is one."""
    return db.session.scalar(sa.select(PaymentMethod).where(PaymentMethod.code == code))


def terms_of(order: Order) -> Terms:
    """Return what the order's method said on the day of the order."""
    return terms_from_json(order.payment_terms)


def uses_of(method: PaymentMethod) -> Uses:
    """Return how often a method was used."""
    moved = [
        sa.select(sa.func.count()).select_from(money).where(money.method == method.code).scalar_subquery()
        for money in (Payment, Refund)
    ]
    placed, still_open, paid, refunded = db.session.execute(
        sa.select(sa.func.count(), sa.func.count().filter(orders.owed()), *moved)
        .select_from(Order)
        .where(Order.payment_method == method.code)
    ).one()
    return Uses(orders=placed, open_orders=still_open, movements=paid + refunded)


def reference_hint(methods: Iterable[PaymentMethod]) -> str:
    """Return what the office notes of money that came in, method by method, for those that say it."""
    return " ; ".join(
        _("%(method)s : %(reference)s", method=row.local_name, reference=i18n.mid_sentence(row.reference_label))
        for row in methods
        if row.reference_label
    )


def method_list() -> Listing:
    """Return the list of methods, in the order in which they are offered."""
    placed = (
        sa.select(sa.func.count())
        .where(Order.payment_method == PaymentMethod.code)
        .correlate(PaymentMethod)
        .scalar_subquery()
    )
    return Listing(
        name="modes-de-reglement",
        title=_l("Modes de règlement"),
        statement=sa.select(PaymentMethod, placed.label("placed")),
        states=(
            State("tous", _l("Tous")),
            State("proposes", _l("Proposés"), where=PaymentMethod.enabled),
            State("retires", _l("Retirés"), where=~PaymentMethod.enabled),
        ),
        search=(PaymentMethod.name, PaymentMethod.code, PaymentMethod.summary),
        search_hint=_l("Nom, texte"),
        filters=(
            Choice(
                name="facture",
                label=_l("Facture"),
                options={moment.value: label for moment, label in MOMENT_WORDS.items()},
                where=lambda value: PaymentMethod.invoice_at == InvoiceMoment(value),
            ),
        ),
        columns=(
            Column(
                "nom",
                _l("Mode"),
                lambda row: row.PaymentMethod.name,
                opens=True,
                second=lambda row: row.PaymentMethod.delay_label,
                second_label=_l("Délai"),
            ),
            Column("code", _l("Code"), lambda row: row.PaymentMethod.code, kind=Kind.CODE, on_phone=False),
            Column("place", _l("Place confirmée"), lambda row: seat_words(row.PaymentMethod), on_phone=False),
            Column("echeance", _l("Échéance"), lambda row: delay_words(row.PaymentMethod), on_phone=False),
            Column("facture", _l("Facture"), lambda row: moment_words(row.PaymentMethod), on_phone=False),
            Column(
                "commandes",
                _l("Commandes"),
                lambda row: row.placed,
                kind=Kind.NUMBER,
                sort=placed,
                on_phone=False,
            ),
            Column(
                "etat",
                _l("État"),
                lambda row: _OFFERED if row.PaymentMethod.enabled else _WITHDRAWN,
                kind=Kind.STATE,
                tone=lambda row: "good" if row.PaymentMethod.enabled else None,
            ),
        ),
        order=(PaymentMethod.position.asc(), PaymentMethod.id.asc()),
        empty=_l("Aucun mode de règlement."),
    )


def seat_words(method: PaymentMethod) -> str:
    """Return when a method confirms the seat, in words."""
    if method.confirms_seat:
        return str(_("dès la commande"))
    return str(_("au règlement, retenue %(time)s", time=hold_words(method.hold_minutes or 0)))


def moment_words(method: PaymentMethod) -> str:
    """Return when a method's orders are invoiced, in words."""
    return str(_("Au choix de l’acheteur") if method.invoice_choice else MOMENT_WORDS[method.invoice_at])


def hold_words(minutes: int) -> str:
    """Return how long a hold lasts, in the largest unit that says it whole."""
    if minutes % _DAY == 0:
        return str(ngettext("%(num)d jour", "%(num)d jours", minutes // _DAY))
    if minutes % _HOUR == 0:
        return str(ngettext("%(num)d heure", "%(num)d heures", minutes // _HOUR))
    return str(ngettext("%(num)d minute", "%(num)d minutes", minutes))


def delay_words(method: PaymentMethod) -> str:
    """Return until when the money is awaited, and tolerated, in words; empty when it is paid first."""
    if method.payment_days is None:
        return ""
    days = str(ngettext("%(num)d jour", "%(num)d jours", method.payment_days))
    return str(_("%(days)s, %(grace)s de grâce", days=days, grace=method.grace_days)) if method.grace_days else days


def payment_instructions(method: PaymentMethod) -> str:
    """Return how to pay by ``method``; while what it points to is not set, how to ask us for it."""
    seller = settings.current().seller
    text: str
    if "iban" in method.shown_details and not seller.iban:
        text = _("Nos coordonnées bancaires vous sont données sur demande : répondez au courriel de confirmation.")
    elif "address" in method.shown_details and not seller.address:
        text = _("L’adresse où envoyer le règlement est donnée sur demande : répondez au courriel de confirmation.")
    else:
        text = method.local_instructions
    return text


def payment_details(order: Order, method: PaymentMethod) -> list[tuple[str, str]]:
    """Return label and value of each detail that ``method`` shows and that is known."""
    seller = settings.current().seller
    known = {
        # A cheque is made out to somebody's order; an account has a holder.
        "payee": (_("Titulaire") if "iban" in method.shown_details else _("Ordre"), seller.name),
        "address": (_("Adresse"), seller.address),
        "iban": (_("IBAN"), iban.format(seller.iban)),
        "bic": (_("BIC"), seller.bic),
        "seller_siret": (_("Notre SIRET"), french.siret(seller.siret)),
        "buyer_siret": (_("SIRET facturé"), french.siret(order.siret)),
        "service_code": (_("Code service"), order.service_code),
        "commitment_number": (_("Numéro d’engagement"), order.commitment_number),
    }
    return [known[name] for name in method.shown_details if known[name][1]]


def _on_offer() -> sa.ColumnElement[bool]:
    return sa.and_(PaymentMethod.enabled, sa.true() if takes_cards() else ~PaymentMethod.online)
