"""An address of every route that people open: its parameters filled from the rows that the demonstration has.

And those of which it has none, made by ``make_rows``.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask
from PIL import Image
from werkzeug.routing import AnyConverter, Rule

from eventsapp.accounts import service as accounts
from eventsapp.accounts.models import User
from eventsapp.core import clock
from eventsapp.core.db import Base, UtcDateTime, db
from eventsapp.files import service as files
from eventsapp.magazine import access
from eventsapp.magazine import service as magazine
from eventsapp.magazine.models import Article
from eventsapp.mailings.service import _refusals as refusals
from eventsapp.registrations.models import Registration
from eventsapp.subscriptions.models import Plan
from tests.support.makers.money_pages import make_money_pages
from tests.support.makers.orders import place, subscription

#: Where programs ask: their requests are tried in tests/api.
FOR_PROGRAMS = ("/api/",)
#: Rows of one kind that are tried at most.
_MOST = 120
#: Beginning of a rule → the rows that fill its parameters; the longest that fits is taken.
ROWS: dict[str, str] = {
    "/abonnements/<slug>": "SELECT slug FROM plans ORDER BY id",
    "/abonnements/adresse/": "SELECT secret FROM contracts ORDER BY status, id",
    "/abonnements/adresse/<secret>/<int:address_id>":
        "SELECT secret, a.id AS address_id FROM contracts c JOIN contract_addresses a ON a.contract_id = c.id",
    "/abonnements/lecteurs/": "SELECT secret FROM readership_managers",
    "/abonnements/lecteurs/<secret>/<int:member_id>":
        "SELECT m.secret, s.id AS member_id FROM readership_managers m JOIN readership_members s USING (readership_id)",
    "/abonnements/lecteurs/<secret>/acces/domaine/<int:domain_id>":
        "SELECT m.secret, d.id AS domain_id FROM readership_managers m JOIN readership_domains d USING (readership_id)",
    "/abonnements/lecteurs/<secret>/acces/gestionnaire/":
        "SELECT m.secret, o.id AS manager_id FROM readership_managers m "
        "JOIN readership_managers o USING (readership_id)",
    "/abonnements/lecteurs/<secret>/choisir/":
        "SELECT m.secret, c.id AS contract_id FROM readership_managers m JOIN contracts c USING (readership_id)",
    "/abonnements/offert/": "SELECT secret FROM gifts",
    "/abonnements/par-carte/": "SELECT secret FROM card_agreements",
    "/abonnements/rejoindre/": "SELECT secret FROM readership_members",
    "/abonnements/rejoindre/domaine/": "SELECT secret FROM readership_domains",
    "/abonnements/renouveler/": "SELECT secret FROM contracts ORDER BY status, id",
    "/articles/<slug:slug>": "SELECT slug FROM articles WHERE status = 'published' ORDER BY id",
    "/articles/<slug:slug>/commentaires/<int:comment_id>":
        "SELECT slug, c.id AS comment_id FROM articles a JOIN comments c ON c.article_id = a.id",
    "/articles/<slug:slug>/offrir/<int:gift_id>":
        "SELECT slug, g.id AS gift_id FROM articles a JOIN article_gifts g ON g.article_id = a.id",
    "/attente/": "SELECT secret FROM waiting_entries ORDER BY id",
    "/attestations/": "SELECT code FROM certificates",
    "/commandes/<reference>/<secret>": "SELECT reference, secret FROM orders ORDER BY id DESC",
    "/commandes/<reference>/<secret>/cadeaux/":
        "SELECT reference, orders.secret, g.id AS gift_id FROM orders JOIN order_lines l ON l.order_id = orders.id "
        "JOIN contracts c ON c.order_line_id = l.id JOIN gifts g ON g.contract_id = c.id",
    "/commandes/<reference>/<secret>/factures/":
        "SELECT reference, secret, number FROM orders JOIN invoices i ON i.order_id = orders.id ORDER BY i.id",
    "/commandes/<reference>/<secret>/participants/<int:seat_id>":
        "SELECT orders.reference, orders.secret, s.id AS seat_id FROM orders JOIN order_lines l "
        "ON l.order_id = orders.id JOIN registrations s ON s.order_line_id = l.id ORDER BY orders.id",
    "/commandes/<reference>/<secret>/relances/":
        "SELECT orders.reference, secret, r.step FROM orders JOIN reminders r ON r.order_id = orders.id",
    "/commandes/<reference>/<secret>/resilier/":
        "SELECT orders.reference, orders.secret, c.id AS contract_id FROM orders JOIN order_lines l "
        "ON l.order_id = orders.id JOIN contracts c ON c.order_line_id = l.id",
    "/devis/": "SELECT reference, secret FROM quotes ORDER BY id DESC",
    "/fichiers/<key>": "SELECT key, 'nom' AS _name, 320 AS width FROM stored_files ORDER BY width IS NULL, id",
    "/inscriptions/<secret>": "SELECT secret FROM registrations ORDER BY id",
    "/inscriptions/<secret>/documents/":
        "SELECT secret, d.id AS document_id FROM registrations s JOIN day_documents d USING (study_day_id)",
    "/inscriptions/<secret>/comptes-rendus/":
        "SELECT s.secret, a.slug FROM registrations s JOIN articles a USING (study_day_id)",
    "/inscriptions/<secret>/comptes-rendus/<slug:slug>/commentaires/<int:comment_id>":
        "SELECT s.secret, a.slug, c.id AS comment_id FROM registrations s JOIN articles a USING (study_day_id) "
        "JOIN comments c ON c.article_id = a.id",
    "/intervenants/": "SELECT slug FROM speakers WHERE slug IS NOT NULL",
    "/journees/<slug": "SELECT slug FROM study_days WHERE status <> 'draft' ORDER BY starts_at DESC",
    "/journees/<slug:slug>/documents/":
        "SELECT slug, d.id AS document_id FROM study_days s JOIN day_documents d ON d.study_day_id = s.id",
    "/journees/<slug:slug>/seances/":
        "SELECT slug, t.position FROM study_days s JOIN study_sessions t ON t.study_day_id = s.id "
        "WHERE s.status <> 'draft'",
    "/lettre/": "SELECT secret FROM newsletter_readers",
    "/lettre/confirmer/": "SELECT confirm_secret AS secret FROM newsletter_readers WHERE confirm_secret IS NOT NULL",
    "/magazine/<int:number>": "SELECT number FROM issues",
    "/magazine/auteurs/": "SELECT slug FROM article_authors",
    "/magazine/mots-cles/": "SELECT slug FROM tags",
    "/magazine/rubriques/": "SELECT slug FROM sections",
    "/organisation/abonnes/<int:contract_id>": "SELECT id AS contract_id FROM contracts ORDER BY id",
    "/organisation/abonnes/<int:contract_id>/livraison/<int:address_id>":
        "SELECT contract_id, id AS address_id FROM contract_addresses",
    "/organisation/abonnes/<int:of_id>": "SELECT id AS of_id FROM contracts WHERE readership_id IS NOT NULL",
    "/organisation/abonnes/<int:of_id>/lecteurs/<int:member_id>":
        "SELECT c.id AS of_id, m.id AS member_id FROM contracts c JOIN readership_members m USING (readership_id)",
    "/organisation/abonnes/<int:of_id>/lecteurs/acces/domaine/<":
        "SELECT c.id AS of_id, d.id AS domain_id FROM contracts c JOIN readership_domains d USING (readership_id)",
    "/organisation/abonnes/<int:of_id>/lecteurs/acces/gestionnaire/<":
        "SELECT c.id AS of_id, d.id AS manager_id FROM contracts c JOIN readership_managers d USING (readership_id)",
    "/organisation/abonnes/<int:of_id>/lecteurs/choisir/<":
        "SELECT c.id AS of_id, d.id AS contract_id FROM contracts c JOIN contracts d USING (readership_id)",
    "/organisation/articles/<int:article_id>": "SELECT id AS article_id FROM articles ORDER BY status, id",
    "/organisation/articles/<int:article_id>/versions/": "SELECT article_id, number FROM article_revisions",
    "/organisation/chiffres/lectures/": "SELECT '2026-01-01' AS first, '2026-01-31' AS last",
    "/organisation/codes-promotionnels/": "SELECT id AS code_id FROM promo_codes",
    "/organisation/commandes/": "SELECT reference FROM orders ORDER BY id DESC",
    "/organisation/commandes/<reference>/participants/":
        "SELECT orders.reference, s.id AS seat_id FROM orders JOIN order_lines l "
        "ON l.order_id = orders.id JOIN registrations s ON s.order_line_id = l.id ORDER BY orders.id",
    "/organisation/commandes/<reference>/relances/<":
        "SELECT orders.reference, r.step AS number FROM orders JOIN reminders r ON r.order_id = orders.id",
    "/organisation/commandes/<reference>/relances/suspensions/":
        "SELECT orders.reference, p.id AS key FROM orders JOIN reminder_pauses p ON p.order_id = orders.id",
    "/organisation/commentaires/": "SELECT id AS comment_id FROM comments",
    "/organisation/commentaires/bannis/": "SELECT id AS ban_id FROM comment_bans",
    "/organisation/comptabilite/clotures/": "SELECT 2025 AS year",
    "/organisation/comptabilite/versements/": "SELECT id AS payout_id FROM card_payouts",
    "/organisation/conditions-de-vente/": "SELECT number FROM terms_versions",
    "/organisation/courriels/": "SELECT id AS mail_id FROM outgoing_mails ORDER BY id",
    "/organisation/devis/": "SELECT reference FROM quotes",
    "/organisation/devis/nouveau/formule/": "SELECT slug FROM plans",
    "/organisation/devis/nouveau/journee/": "SELECT slug FROM study_days ORDER BY starts_at DESC",
    "/organisation/encaissements/releve/":
        "SELECT l.id AS line_id, d.id AS deposit_id FROM bank_lines l CROSS JOIN deposits d",
    "/organisation/encaissements/remises/": "SELECT id AS deposit_id FROM deposits",
    "/organisation/envois/": "SELECT number, 1 AS rank FROM issues ORDER BY number DESC",
    "/organisation/equipe/": "SELECT user_id FROM users_roles",
    "/organisation/factures/": "SELECT number FROM invoices ORDER BY id",
    "/organisation/formules/": "SELECT slug FROM plans",
    "/organisation/inscriptions/": "SELECT id AS registration_id FROM registrations",
    "/organisation/inscriptions/<int:seat_id>/fichiers/":
        "SELECT a.registration_id AS seat_id, q.code FROM answers a JOIN questions q ON q.id = a.question_id "
        "WHERE a.registration_id IS NOT NULL AND NOT q.sensitive",
    "/organisation/inscriptions/actions/": "SELECT id AS batch_id FROM batches",
    "/organisation/inscriptions/vues/": "SELECT id AS view_id FROM saved_views",
    "/organisation/intervenants/": "SELECT id AS speaker_id FROM speakers",
    "/organisation/jetons/": "SELECT id AS token_id FROM api_tokens",
    "/organisation/journal/": "SELECT id AS entry_id FROM audit_entries",
    "/organisation/journees/<slug": "SELECT slug FROM study_days ORDER BY starts_at DESC",
    "/organisation/journees/<slug>/accueil/places/":
        "SELECT d.slug, s.id AS seat_id FROM study_days d JOIN registrations s ON s.study_day_id = d.id",
    "/organisation/journees/<slug>/presences/<":
        "SELECT d.slug, s.id AS seat_id FROM study_days d JOIN registrations s ON s.study_day_id = d.id",
    "/organisation/journees/<slug>/attestations/<":
        "SELECT d.slug, c.id AS key FROM study_days d JOIN certificates c ON c.study_day_id = d.id",
    "/organisation/journees/<slug>/documents-a-imprimer/<":
        "SELECT d.slug, p.id AS part FROM study_days d JOIN paper_jobs j ON j.study_day_id = d.id "
        "JOIN paper_parts p ON p.job_id = j.id",
    "/organisation/journees/<slug>/documents/<":
        "SELECT d.slug, c.id AS document_id FROM study_days d JOIN day_documents c ON c.study_day_id = d.id",
    "/organisation/journees/<slug>/liste-d-attente/<":
        "SELECT d.slug, c.id AS entry_id FROM study_days d JOIN waiting_entries c ON c.study_day_id = d.id",
    "/organisation/journees/<slug>/programme/<":
        "SELECT d.slug, c.id AS session_id FROM study_days d JOIN study_sessions c ON c.study_day_id = d.id",
    "/organisation/journees/<slug>/questions/<":
        "SELECT d.slug, c.id AS question_id FROM study_days d JOIN questions c ON c.study_day_id = d.id",
    "/organisation/lettre/": "SELECT id AS letter_id FROM newsletter_letters",
    "/organisation/lettre/lecteurs/": "SELECT id AS reader_id FROM newsletter_readers",
    "/organisation/lieux/": "SELECT id AS venue_id FROM venues",
    "/organisation/messages/": "SELECT id AS mailing_id FROM mailings",
    "/organisation/messages/adresses-ecartees/": "SELECT id AS suppression_id FROM mail_suppressions",
    "/organisation/numeros/": "SELECT number FROM issues ORDER BY status, id DESC",
    "/organisation/numeros/<int:number>/chemin-de-fer/<":
        "SELECT i.number, a.id AS article_id FROM issues i JOIN articles a ON a.issue_id = i.id",
    "/organisation/reglements/<": "SELECT id AS payment_id FROM payments ORDER BY id",
    "/organisation/reglements/alertes/": "SELECT id AS alert_id FROM payment_alerts",
    "/organisation/reglements/messages/": "SELECT id AS key FROM gateway_events",
    "/organisation/reglements/modes/": "SELECT code FROM payment_methods",
    "/organisation/relances/etapes/<int": "SELECT id AS key FROM reminder_steps",
    "/organisation/relances/etapes/<slug": "SELECT code FROM payment_methods",
    "/organisation/remboursements/": "SELECT id AS refund_id FROM refunds ORDER BY id",
    "/organisation/rubriques/": "SELECT id AS section_id FROM sections",
    "/organisation/series/": "SELECT id AS series_id FROM series",
    "/organisation/textes/": "SELECT 'accessibilite' AS slug, 'fr' AS locale",
    "/organisation/themes/": "SELECT id AS theme_id FROM themes",
    "/organisation/tva/": "SELECT code FROM vat_categories",
    "/organisation/tva/<slug:code>/taux/<":
        "SELECT c.code, r.id AS rate_id FROM vat_categories c JOIN vat_rates r ON r.category_code = c.code",
    "/organisation/villes/": "SELECT id AS city_id FROM cities",
    "/panier/abonnements/": "SELECT slug FROM plans",
    "/panier/": "SELECT 0 AS position",
    "/problems/": "SELECT 'sold-out' AS code",
    "/sitemap-": "SELECT 1 AS page",
    "/static/": "SELECT 'css/base.css' AS filename",
}  # fmt: skip


def _keys_of_participants() -> Iterator[dict[str, object]]:
    reports = db.session.scalars(sa.select(Article).where(Article.study_day_id.is_not(None))).all()
    for article in reports:
        seats = sa.select(Registration).where(Registration.study_day_id == article.study_day_id).limit(3)
        for seat in db.session.scalars(seats):
            yield {"slug": article.slug, "key": access.participant_key(seat, article)}


def _links_to_passwords() -> Iterator[dict[str, object]]:
    for user in db.session.scalars(sa.select(User).order_by(User.id).limit(1)):
        yield {"token": accounts._token(user)}


def _tokens_of_mailings() -> Iterator[dict[str, object]]:
    for key in db.session.scalars(sa.text("SELECT id FROM mailing_recipients")):
        yield {"token": refusals.refuse_token(key)}


#: The same for what is signed, not kept.
SIGNED: dict[str, Callable[[], Iterator[Mapping[str, object]]]] = {
    "/articles/<slug:slug>/lire/": _keys_of_participants,
    "/compte/mot-de-passe/choisir/": _links_to_passwords,
    "/envois/refuser/": lambda: iter([{"token": magazine.refusal_token("amie@exemple.fr")}]),
    "/messages/refuser/": _tokens_of_mailings,
}

#: Rows of which the demonstration has none: table → values that are not just any.
_MISSING: dict[str, dict[str, object]] = {
    "contract_addresses": {"postcode": "44000"},
    "readership_domains": {"domain": "ville.example", "secret": "domaine-secret", "verified_at": clock.now()},
    "card_agreements": {"state": "active", "method_id": "pm_1", "secret": "carte-secret", "last4": "4242"},
    "card_payouts": {"reference": "po_1", "net_cents": 0, "fee_cents": 0},
    "comment_bans": {"email": "bannie@exemple.fr"},
    "gateway_events": {"state": "set_aside", "kind": "checkout.session.completed"},
    "batches": {"action": "absent", "status": "done"},
    "saved_views": {"list_name": "registrations"},
    "paper_jobs": {"kind": "badges", "state": "done", "options": {}, "subjects": [], "failed": []},
    "paper_parts": {},
    "terms_versions": {"number": 1},
    "api_tokens": {"scopes": ["door"]},
    "reminder_pauses": {},
    "tags": {"slug": "budget"},
    "article_tags": {},
    "article_gifts": {"secret": "article-secret"},
    "article_authors": {"slug": "ana-brun", "name": "Ana Brun"},
}
#: Files where it has none, an answer that is one, a document that was taken away, an order that is invoiced later.
_OTHERWISE = (
    "UPDATE invoices SET pdf_id = (SELECT min(id) FROM stored_files), xml = '<x/>'",
    "UPDATE mandat_dossiers SET purchase_order_file_id = (SELECT min(id) FROM stored_files)",
    "UPDATE issues SET pdf_id = (SELECT min(id) FROM stored_files)",
    "UPDATE answers SET file_id = (SELECT min(id) FROM stored_files) WHERE registration_id IS NOT NULL",
    "UPDATE day_documents SET removed_at = (SELECT max(starts_at) FROM study_days) "  # noqa: ISC004 - one statement
    "WHERE id = (SELECT max(id) FROM day_documents)",
    "UPDATE article_authors SET article_id = (SELECT min(id) FROM articles WHERE status = 'published')",
    "UPDATE payment_methods SET proforma = true, invoice_at = 'payment' WHERE code = 'transfer'",
)


def make_rows() -> None:
    """Add what the demonstration has none of, past all forms."""
    make_money_pages(now=clock.now())
    for name, given in _MISSING.items():
        table = Base.metadata.tables[name]
        values = {each.name: _anything(each) for each in table.columns if each.name not in given and _is_wanted(each)}
        db.session.execute(sa.insert(table).values(values | given))
    for statement in _OTHERWISE:
        db.session.execute(sa.text(statement))
    with io.BytesIO() as portrait:
        Image.new("RGB", (640, 640)).save(portrait, "PNG")
        files.store_portrait(portrait.getvalue(), name="portrait.png", now=clock.now())
    db.session.commit()
    place(subscription(db.session.scalars(sa.select(Plan).limit(1)).one()), payment_method="transfer", now=clock.now())
    # What is rolled back from here on is only what follows.
    db.session.commit()


def _is_wanted(column: sa.Column[Any]) -> bool:
    return not (column.primary_key and not column.foreign_keys) and (not column.nullable or bool(column.foreign_keys))


def _anything(column: sa.Column[Any]) -> object:
    """Return a value that the column takes, the first row that it may point to."""
    for key in column.foreign_keys:
        first = sa.select(key.column).order_by(*key.column.table.primary_key).limit(1)
        return db.session.scalar(first)
    if isinstance(column.type, UtcDateTime):
        return clock.now()
    values = {bool: False, int: 1, str: "x", date: clock.local_date(clock.now())}
    return values.get(column.type.python_type, {})


def rules(app: Flask) -> list[Rule]:
    """Return the routes of the site, of accounts and of the office."""
    return [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith(FOR_PROGRAMS)]


def addresses(rule: Rule) -> Iterator[str]:
    """Yield addresses of the rule about what there is; one, when it has no parameters."""
    chosen = {name: min(by.items) for name, by in rule._converters.items() if isinstance(by, AnyConverter)}
    rows: Iterator[Mapping[str, Any]] = iter([{}])
    if set(rule.arguments) - set(chosen):
        beginning = max((start for start in ROWS | SIGNED if rule.rule.startswith(start)), key=len, default="")
        assert beginning, f"nothing is said of how to fill {rule.rule}"
        if beginning in SIGNED:
            rows = SIGNED[beginning]()
        else:
            found = db.session.execute(sa.text(f"{ROWS[beginning]} LIMIT {_MOST}"))
            rows = (dict(row) for row in found.mappings().all())
    for row in rows:
        built = rule.build(chosen | {name: row[name] for name in rule.arguments if name not in chosen})
        assert built is not None
        yield str(built[1])
