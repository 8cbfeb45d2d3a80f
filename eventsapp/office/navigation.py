"""The navigation of the back office: its entries in groups, each with what it takes to see it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from eventsapp.accounts.access import Permission


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the navigation leads to."""

    key: str
    label: str
    endpoint: str
    permission: Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A place as it is shown to somebody, with how much waits there."""

    key: str
    label: str
    url: str
    count: int = 0
    urgent: bool = False


_P = Permission
GROUPS: tuple[tuple[str | None, tuple[Place, ...]], ...] = (
    (None, (Place("today", _l("Aujourd’hui"), "dashboard.today", _P.OFFICE),)),
    (
        _l("Journées"),
        (
            Place("days", _l("Journées"), "study_days_office.days", _P.STUDY_DAYS_VIEW),
            Place("registrations", _l("Inscriptions"), "registrations_office.registrations", _P.REGISTRATIONS_VIEW),
            Place("mailings", _l("Messages"), "mailings_office.mailings", _P.MAIL_VIEW),
        ),
    ),
    (
        _l("Ventes"),
        (
            Place("orders", _l("Commandes"), "orders_office.orders", _P.ORDERS_VIEW),
            Place("quotes", _l("Devis"), "quotes_office.quotes", _P.ORDERS_VIEW),
            Place("mandats", _l("Mandats"), "mandats_office.dossiers", _P.ORDERS_VIEW),
            Place("invoices", _l("Factures"), "invoices_office.invoices", _P.ORDERS_VIEW),
            Place("promo_codes", _l("Codes promotionnels"), "promotions_office.codes", _P.PROMO_CODES_EDIT),
        ),
    ),
    (
        _l("Argent"),
        (
            Place("receipts", _l("Encaissements"), "receipts_office.receipts", _P.PAYMENTS_RECORD),
            Place("payments", _l("Règlements reçus"), "payments_office.payments", _P.PAYMENTS_RECORD),
            Place("dunning", _l("Relances"), "dunning_office.claims", _P.ORDERS_VIEW),
            Place("payment_alerts", _l("Alertes de paiement"), "payments_office.alerts", _P.PAYMENTS_RECORD),
            Place("events", _l("Messages de Stripe"), "events_office.events", _P.PAYMENTS_RECORD),
            Place("books", _l("Comptabilité"), "books_office.books", _P.PAYMENTS_RECORD),
        ),
    ),
    (
        _l("Magazine"),
        (
            Place("board", _l("Rédaction"), "magazine_office.board", _P.ARTICLES_EDIT),
            Place("issues", _l("Numéros"), "magazine_office.issues", _P.ISSUES_EDIT),
            Place("articles", _l("Articles"), "magazine_office.articles", _P.ARTICLES_EDIT),
            Place("comments", _l("Commentaires"), "magazine_office.comments", _P.COMMENTS_MODERATE),
            Place("newsletter", _l("Lettre d’information"), "newsletter_office.letters", _P.NEWSLETTER_EDIT),
            Place("figures", _l("Chiffres"), "figures_office.figures", _P.FIGURES_VIEW),
        ),
    ),
    (
        lazy_pgettext("menu", "Fichier"),
        (
            Place("speakers", _l("Intervenants"), "speakers_office.list_of_speakers", _P.SPEAKERS_EDIT),
            Place("places", _l("Lieux"), "places_office.venues", _P.STUDY_DAYS_EDIT),
            Place("series", _l("Séries et thèmes"), "study_days_office.series", _P.STUDY_DAYS_EDIT),
            Place("subscriptions", _l("Abonnés"), "subscriptions_office.contracts", _P.SUBSCRIPTIONS_VIEW),
            Place("shipments", _l("Envois"), "shipments_office.numbers", _P.SUBSCRIPTIONS_VIEW),
            Place("plans", _l("Formules"), "subscriptions_office.plans", _P.PLANS_EDIT),
        ),
    ),
    (
        _l("Réglages"),
        (
            Place(
                "payment_methods", _l("Modes de règlement"), "payment_methods_office.methods", _P.PAYMENT_METHODS_EDIT
            ),
            Place("vat", _l("Taux de TVA"), "vat_office.categories", _P.VAT_EDIT),
            Place("cancellation_terms", _l("Conditions d’annulation"), "checkout_office.terms", _P.PAYMENTS_RECORD),
            Place("site", _l("Textes du site"), "site_office.texts", _P.SITE_EDIT),
            Place("team", _l("Équipe"), "accounts_office.team", _P.TEAM_EDIT),
            Place("tokens", _l("Jetons d’API"), "api_office.tokens", _P.TEAM_EDIT),
            Place("mails", _l("Courriels"), "mail_office.mail_list", _P.MAIL_VIEW),
            Place("history", _l("Journal"), "audit_office.history", _P.HISTORY_VIEW),
        ),
    ),
)


def shown(
    permissions: Collection[Permission], waiting: Mapping[str, tuple[int, bool]]
) -> list[tuple[str | None, list[Entry]]]:
    """Return the groups that somebody with ``permissions`` sees, empty ones left out.

    ``waiting`` maps an entry's key to how much waits there and whether it is urgent.
    """
    groups = []
    for label, places in GROUPS:
        entries = [
            Entry(
                key=place.key,
                label=place.label,
                url=url_for(place.endpoint),
                count=waiting.get(place.key, (0, False))[0],
                urgent=waiting.get(place.key, (0, False))[1],
            )
            for place in places
            if place.permission in permissions and place.endpoint in current_app.view_functions
        ]
        if entries:
            groups.append((label, entries))
    return groups
