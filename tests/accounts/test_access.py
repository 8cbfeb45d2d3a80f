"""Who may go where in the office: every route, every role, against a table that somebody has reviewed."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

from eventsapp.accounts.access import OFFICE_PREFIX, PERMISSIONS, Permission, RoleName
from tests.subscriptions.office_routes import SUBSCRIPTIONS
from tests.support.makers.accounts import make_user, sign_in

ADMINISTRATORS = {RoleName.ADMINISTRATOR}
ORGANISERS = ADMINISTRATORS | {RoleName.ORGANISER}
EDITORS = ADMINISTRATORS | {RoleName.EDITOR}
ACCOUNTANTS = ADMINISTRATORS | {RoleName.ACCOUNTANT}
WRITERS = ORGANISERS | EDITORS
MONEY_SEEN = ORGANISERS | ACCOUNTANTS
DAYS_SEEN = WRITERS | ACCOUNTANTS
DOORS = MONEY_SEEN | {RoleName.DOOR}
DOOR_KEEPERS = ORGANISERS | {RoleName.DOOR}
EVERYBODY = set(RoleName)
#: Endpoint → the roles that may. A new route needs a line here, from somebody who thought about it.
REVIEWED: dict[str, set[RoleName]] = {
    "accounts_office.invite": ADMINISTRATORS,
    "accounts_office.invite_again": ADMINISTRATORS,
    "accounts_office.member": ADMINISTRATORS,
    "accounts_office.team": ADMINISTRATORS,
    "api_office.create": ADMINISTRATORS,
    "api_office.revoke": ADMINISTRATORS,
    "api_office.token": ADMINISTRATORS,
    "api_office.tokens": ADMINISTRATORS,
    "attendance_office.absent": ORGANISERS,
    "attendance_office.awaited": ORGANISERS,
    "attendance_office.enter": ORGANISERS,
    "attendance_office.file": ORGANISERS,
    "attendance_office.missed": ORGANISERS,
    "attendance_office.passages": MONEY_SEEN,
    "attendance_office.presences": MONEY_SEEN,
    "attendance_office.sheet": ORGANISERS,
    "papers_office.ask": ORGANISERS,
    "papers_office.certificate": ORGANISERS,
    "papers_office.certificate_paper": ORGANISERS,
    "papers_office.certificates": MONEY_SEEN,
    "papers_office.download": ORGANISERS,
    "papers_office.issue_again": ORGANISERS,
    "papers_office.papers": ORGANISERS,
    "papers_office.settings": ORGANISERS,
    "papers_office.wording": ORGANISERS,
    "audit_office.entry": ADMINISTRATORS,
    "audit_office.history": ADMINISTRATORS,
    "billing_office.correct": ACCOUNTANTS,
    "billing_office.moment": ACCOUNTANTS,
    "billing_office.proforma": MONEY_SEEN,
    "card_refunds_office.give_up": ACCOUNTANTS,
    "card_refunds_office.refund": ACCOUNTANTS,
    "checkout_office.day_cancellation": MONEY_SEEN,
    "checkout_office.go_on": MONEY_SEEN,
    "checkout_office.terms": ACCOUNTANTS,
    "checkout_office.terms_of_day": ACCOUNTANTS,
    "books_office.accounts": ACCOUNTANTS,
    "books_office.books": ACCOUNTANTS,
    "books_office.fec": ACCOUNTANTS,
    "books_office.fec_description": ACCOUNTANTS,
    "books_office.summary": ACCOUNTANTS,
    "closings_office.close": ACCOUNTANTS,
    "closings_office.closings": ACCOUNTANTS,
    "payouts_office.import_report": ACCOUNTANTS,
    "payouts_office.payout": ACCOUNTANTS,
    "payouts_office.payouts": ACCOUNTANTS,
    "payouts_office.record": ACCOUNTANTS,
    "payouts_office.reverse": ACCOUNTANTS,
    "dashboard.find": DAYS_SEEN,
    "dashboard.today": EVERYBODY,
    "door.absence": DOOR_KEEPERS,
    "door.admit": DOOR_KEEPERS,
    "door.admit_booking": DOOR_KEEPERS,
    "door.door": DOOR_KEEPERS,
    "door.name_device": DOOR_KEEPERS,
    "door.scan": DOOR_KEEPERS,
    "door.undo": DOOR_KEEPERS,
    "door.undo_group": DOOR_KEEPERS,
    "door_phone.absence": DOOR_KEEPERS,
    "door_phone.hand_over": DOOR_KEEPERS,
    "door_phone.offline_page": DOOR_KEEPERS,
    "door_phone.tickets": DOOR_KEEPERS,
    "door_phone.worker": DOOR_KEEPERS,
    "door_walk_in.walk_in": DOOR_KEEPERS,
    "dunning_office.claims": MONEY_SEEN,
    "dunning_office.copy_steps": ACCOUNTANTS,
    "dunning_office.letter": MONEY_SEEN,
    "dunning_office.lift": ACCOUNTANTS,
    "dunning_office.order": MONEY_SEEN,
    "dunning_office.pause": ACCOUNTANTS,
    "dunning_office.preview": MONEY_SEEN,
    "dunning_office.rates": ACCOUNTANTS,
    "dunning_office.send": ACCOUNTANTS,
    "dunning_office.step": ACCOUNTANTS,
    "dunning_office.steps": ACCOUNTANTS,
    "invoices_office.credit": ACCOUNTANTS,
    "invoices_office.file": MONEY_SEEN,
    "invoices_office.invoice": MONEY_SEEN,
    "invoices_office.invoices": MONEY_SEEN,
    "invoices_office.issue": ACCOUNTANTS,
    "invoices_office.recheck": ACCOUNTANTS,
    "invoices_office.terms": ACCOUNTANTS,
    "magazine_office.appear_with_issue": WRITERS,
    "magazine_office.approve": WRITERS,
    "magazine_office.article": WRITERS,
    "magazine_office.articles": WRITERS,
    "magazine_office.ban_commenter": EDITORS,
    "magazine_office.comment_bans": EDITORS,
    "magazine_office.at_work": WRITERS,
    "magazine_office.board": WRITERS,
    "magazine_office.bring_picture": WRITERS,
    "magazine_office.comments": EDITORS,
    "magazine_office.correct": WRITERS,
    "magazine_office.delete_section": EDITORS,
    "magazine_office.discard_autosave": WRITERS,
    "magazine_office.flatplan": EDITORS,
    "magazine_office.issue": EDITORS,
    "magazine_office.issues": EDITORS,
    "magazine_office.lift_ban": EDITORS,
    "magazine_office.move_in_issue": EDITORS,
    "magazine_office.new_article": WRITERS,
    "magazine_office.new_issue": EDITORS,
    "magazine_office.new_report": WRITERS,
    "magazine_office.new_section": EDITORS,
    "magazine_office.preview": WRITERS,
    "magazine_office.publish": WRITERS,
    "magazine_office.publish_comment": EDITORS,
    "magazine_office.read": WRITERS,
    "magazine_office.reading": EDITORS,
    "magazine_office.publish_issue": EDITORS,
    "magazine_office.reject_comment": EDITORS,
    "magazine_office.reopen": WRITERS,
    "magazine_office.reports": WRITERS,
    "magazine_office.request_changes": WRITERS,
    "magazine_office.restore_revision": WRITERS,
    "magazine_office.revision": WRITERS,
    "magazine_office.revisions": WRITERS,
    "magazine_office.schedule": WRITERS,
    "magazine_office.schedule_issue": EDITORS,
    "magazine_office.section": EDITORS,
    "magazine_office.sections": EDITORS,
    "magazine_office.set_cover": EDITORS, "magazine_office.picture": WRITERS,
    "magazine_office.set_lengths": EDITORS,
    "magazine_office.set_pdf": EDITORS,
    "magazine_office.submit": WRITERS,
    "magazine_office.unschedule_issue": EDITORS,
    "magazine_office.withdraw": WRITERS,
    "day_messages.mails": MONEY_SEEN,
    "day_messages.reminders": ORGANISERS,
    **dict.fromkeys(("mailings_office.note", "mailings_office.delete", "mailings_office.edit",
        "mailings_office.lift", "mailings_office.new", "mailings_office.send", "mailings_office.try_out",
        "mailings_office.undo"), ORGANISERS),
    **dict.fromkeys(("mailings_office.mailing", "mailings_office.mailings", "mailings_office.preview",
        "mailings_office.suppression", "mailings_office.suppressions"), MONEY_SEEN),
    **dict.fromkeys(("newsletter_office.add_news", "newsletter_office.drop", "newsletter_office.edit",
        "newsletter_office.letter", "newsletter_office.letters", "newsletter_office.prepare",
        "newsletter_office.preview", "newsletter_office.reader", "newsletter_office.readers",
        "newsletter_office.send", "newsletter_office.try_out", "newsletter_office.undo"), WRITERS),
    **dict.fromkeys(("figures_office.export", "figures_office.figures", "figures_office.reads"), DAYS_SEEN),
    "mail_office.body": MONEY_SEEN,
    "mail_office.mail": MONEY_SEEN,
    "mail_office.mail_list": MONEY_SEEN,
    "mail_office.send_again": MONEY_SEEN,
    "mandats_office.deposit": ACCOUNTANTS,
    "mandats_office.dossier": MONEY_SEEN,
    "mandats_office.dossiers": MONEY_SEEN,
    "mandats_office.keep": MONEY_SEEN,
    "mandats_office.paper": MONEY_SEEN,
    "mandats_office.purchase_order": MONEY_SEEN,
    "mandats_office.reject": ACCOUNTANTS,
    "mandats_office.requirements": MONEY_SEEN,
    "mandats_office.step": MONEY_SEEN,
    "orders_office.cancel": MONEY_SEEN,
    "orders_office.order": MONEY_SEEN,
    "orders_office.orders": MONEY_SEEN,
    "events_office.event": ACCOUNTANTS,
    "events_office.events": ACCOUNTANTS,
    "events_office.file": ACCOUNTANTS,
    "events_office.retry": ACCOUNTANTS,
    "events_office.retry_all": ACCOUNTANTS,
    "payment_methods_office.delete": ACCOUNTANTS,
    "payment_methods_office.method": ACCOUNTANTS,
    "payment_methods_office.methods": ACCOUNTANTS,
    "payment_methods_office.new_method": ACCOUNTANTS,
    "payment_methods_office.preview": ACCOUNTANTS,
    "orders_office.release_seats": MONEY_SEEN,
    "orders_office.reopen": MONEY_SEEN,
    "orders_office.suspend": MONEY_SEEN,
    "parts_office.cancel_in_office": MONEY_SEEN,
    "payments_office.alert": ACCOUNTANTS,
    "payments_office.alerts": ACCOUNTANTS,
    "payments_office.payments": ACCOUNTANTS,
    "payments_office.record": ACCOUNTANTS,
    "payments_office.refund": ACCOUNTANTS,
    "promotions_office.code": ORGANISERS,
    "promotions_office.codes": ORGANISERS,
    "promotions_office.new_code": ORGANISERS,
    "promotions_office.uses": ORGANISERS,
    "places_office.cities": ORGANISERS,
    "places_office.city": ORGANISERS,
    "places_office.delete_city": ORGANISERS,
    "places_office.delete_venue": ORGANISERS,
    "places_office.new_city": ORGANISERS,
    "places_office.new_venue": ORGANISERS,
    "places_office.venue": ORGANISERS,
    "places_office.venues": ORGANISERS,
    "quotes_office.choose": MONEY_SEEN,
    "quotes_office.for_day": MONEY_SEEN,
    "quotes_office.for_plan": MONEY_SEEN,
    "quotes_office.pdf": MONEY_SEEN,
    "quotes_office.quote": MONEY_SEEN,
    "quotes_office.quotes": MONEY_SEEN,
    "receipts_office.cancel_deposit": ACCOUNTANTS,
    "receipts_office.deposit": ACCOUNTANTS,
    "receipts_office.deposit_slip": ACCOUNTANTS,
    "receipts_office.deposits": ACCOUNTANTS,
    "receipts_office.journal": ACCOUNTANTS,
    "receipts_office.make_deposit": ACCOUNTANTS,
    "receipts_office.move": ACCOUNTANTS,
    "receipts_office.receipts": ACCOUNTANTS,
    "receipts_office.reverse": ACCOUNTANTS,
    "receipts_statement.ignore": ACCOUNTANTS,
    "receipts_statement.match": ACCOUNTANTS,
    "receipts_statement.match_deposit": ACCOUNTANTS,
    "receipts_statement.reopen": ACCOUNTANTS,
    "receipts_statement.statement": ACCOUNTANTS,
    "people_office.invite": ORGANISERS,
    "people_office.name": ORGANISERS,
    "people_office.people": MONEY_SEEN,
    "people_office.remind": ORGANISERS,
    "people_office.remind_all": ORGANISERS,
    "people_office.replace": ORGANISERS,
    "views_office.delete": MONEY_SEEN,
    "views_office.edit": MONEY_SEEN,
    "views_office.restore": MONEY_SEEN,
    "views_office.save": MONEY_SEEN,
    "views_office.views": MONEY_SEEN,
    "waiting_list_office.entries": MONEY_SEEN,
    "waiting_list_office.entry": MONEY_SEEN,
    "waiting_list_office.move_down": ORGANISERS,
    "waiting_list_office.move_up": ORGANISERS,
    "waiting_list_office.offer": ORGANISERS,
    "waiting_list_office.remove": ORGANISERS,
    "batches_office.ask": MONEY_SEEN,
    "batches_office.batch": MONEY_SEEN,
    "batches_office.choose": MONEY_SEEN,
    "batches_office.undo": MONEY_SEEN,
    "registration_card.registration": MONEY_SEEN,
    "registrations_office.answered_file": MONEY_SEEN,
    "registrations_office.of_day": DOORS,
    "registrations_office.registrations": MONEY_SEEN,
    "site_office.edit": EDITORS,
    "site_office.preview": EDITORS,
    "site_office.restore": EDITORS,
    "site_office.texts": EDITORS,
    "speakers_office.delete": WRITERS,
    "speakers_office.list_of_speakers": WRITERS,
    "speakers_office.merge": WRITERS,
    "speakers_office.new_speaker": WRITERS,
    "speakers_office.speaker": WRITERS,
    "study_days_office.cancel": ORGANISERS,
    "study_days_office.day": DAYS_SEEN,
    "study_days_office.days": DAYS_SEEN,
    "study_days_office.delete": ORGANISERS,
    "study_days_office.delete_series": ORGANISERS,
    "study_days_office.delete_theme": ORGANISERS,
    "study_days_office.document": ORGANISERS,
    "study_days_office.documents": ORGANISERS,
    "study_days_office.questions": ORGANISERS,
    "study_days_office.question": ORGANISERS,
    "study_days_office.move_question": ORGANISERS,
    "study_days_office.retire_question": ORGANISERS,
    "study_days_office.ask_again": ORGANISERS,
    "study_days_office.duplicate": ORGANISERS,
    "study_days_office.edit_day": ORGANISERS,
    "study_days_office.move_document": ORGANISERS,
    "study_days_office.move_session": ORGANISERS,
    "study_days_office.new_day": ORGANISERS,
    "study_days_office.new_series": ORGANISERS,
    "study_days_office.new_session": ORGANISERS,
    "study_days_office.new_theme": ORGANISERS,
    "study_days_office.one_series": ORGANISERS,
    "study_days_office.one_theme": ORGANISERS,
    "study_days_office.particulars": ORGANISERS,
    "study_days_office.postpone": ORGANISERS,
    "study_days_office.preview": DAYS_SEEN,
    "study_days_office.programme": ORGANISERS,
    "study_days_office.publish": ORGANISERS,
    "study_days_office.rates": ORGANISERS,
    "study_days_office.remove_document": ORGANISERS,
    "surveys_office.export": MONEY_SEEN,
    "surveys_office.questions": ORGANISERS,
    "surveys_office.results": MONEY_SEEN,
    "study_days_office.restore_document": ORGANISERS,
    "study_days_office.remove_session": ORGANISERS,
    "study_days_office.reports": DAYS_SEEN,
    "study_days_office.series": ORGANISERS,
    "study_days_office.session": ORGANISERS,
    "study_days_office.settings": ORGANISERS,
    "study_days_office.unpublish": ORGANISERS,
    "terms_office.consumers": EDITORS,
    "terms_office.new_version": EDITORS,
    "terms_office.of_order": MONEY_SEEN,
    "terms_office.version": EDITORS,
    "terms_office.versions": EDITORS,
    "readers_office.add_manager": ORGANISERS,
    "readers_office.ask_domain": ORGANISERS,
    "readers_office.choose": ORGANISERS,
    "readers_office.drop_domain": ORGANISERS,
    "readers_office.drop_manager": ORGANISERS,
    "readers_office.invite": ORGANISERS,
    "readers_office.people": MONEY_SEEN,
    "readers_office.remove": ORGANISERS,
    "readers_office.resend": ORGANISERS,
    "readers_office.restore": ORGANISERS,
    "readers_office.usage": MONEY_SEEN,
    "readers_office.verify": ORGANISERS,
    "readers_office.ways": MONEY_SEEN,
    "subscriptions_office.contract": MONEY_SEEN,
    "subscriptions_office.contracts": MONEY_SEEN,
    "subscriptions_office.end": ORGANISERS,
    "subscriptions_office.grant": ORGANISERS,
    "subscriptions_office.new_plan": ADMINISTRATORS,
    "subscriptions_office.plan": ADMINISTRATORS,
    "subscriptions_office.plans": ADMINISTRATORS,
    "subscriptions_office.reminders": ORGANISERS,
    **SUBSCRIPTIONS,
    "vat_office.add_rate": ACCOUNTANTS,
    "vat_office.categories": ACCOUNTANTS,
    "vat_office.category": ACCOUNTANTS,
    "vat_office.delete": ACCOUNTANTS,
    "vat_office.new_category": ACCOUNTANTS,
    "vat_office.remove_rate": ACCOUNTANTS,
}  # fmt: skip


def _office_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(OFFICE_PREFIX)]


def _address(app: Flask, rule: Rule) -> str:
    """Return an address of the rule about something that does not exist."""
    built = rule.build({name: _value(converter) for name, converter in rule._converters.items()})
    assert built is not None
    return str(built[1])


def _value(converter: BaseConverter) -> object:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 999_999 if isinstance(converter, IntegerConverter) else "rien"


def test_every_view_of_the_office_states_its_permission(app: Flask) -> None:
    unstated = [
        rule.endpoint for rule in _office_rules(app) if not hasattr(app.view_functions[rule.endpoint], "permission")
    ]

    assert unstated == []


def test_every_route_of_the_office_is_in_the_reviewed_table(app: Flask) -> None:
    assert {rule.endpoint for rule in _office_rules(app)} == set(REVIEWED)


@pytest.mark.one_database
@pytest.mark.parametrize("role", list(RoleName))
def test_each_role_gets_where_the_table_says_and_nowhere_else(app: Flask, client: FlaskClient, role: RoleName) -> None:
    sign_in(client, make_user(role))
    allowed = set()
    for rule in _office_rules(app):
        for method in rule.methods or set():
            if method in {"GET", "POST"}:
                status = client.open(_address(app, rule), method=method).status_code
                assert status < 500, rule
                if status != 403:
                    allowed.add(rule.endpoint)

    assert allowed == {endpoint for endpoint, roles in REVIEWED.items() if role in roles}


@pytest.mark.one_database
@pytest.mark.parametrize("reader", [False, True])
def test_nobody_else_gets_anywhere(app: Flask, client: FlaskClient, reader: bool) -> None:
    if reader:
        sign_in(client, make_user())
    for rule in _office_rules(app):
        for method in rule.methods or set():
            if method in {"GET", "POST"}:
                answer = client.open(_address(app, rule), method=method)
                if reader:
                    assert answer.status_code == 403, rule
                else:
                    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/compte/connexion/"), rule


def test_a_view_that_states_nothing_is_refused_to_everybody(app: Flask, client: FlaskClient) -> None:
    rule = Rule(f"{OFFICE_PREFIX}oubliee/", endpoint="forgotten")
    app.url_map.add(rule)
    app.view_functions["forgotten"] = lambda: "visible"
    try:
        sign_in(client, make_user(RoleName.ADMINISTRATOR))
        assert client.get(f"{OFFICE_PREFIX}oubliee/").status_code == 403
    finally:
        del app.view_functions["forgotten"]
        app.url_map._rules.remove(rule)
        app.url_map._rules_by_endpoint.pop("forgotten")
        app.url_map._remap = True


def test_every_permission_belongs_to_a_role_besides_the_administrator_or_is_the_administrators_alone() -> None:
    alone = {
        permission
        for permission in Permission
        if [role for role, permissions in PERMISSIONS.items() if permission in permissions] == [RoleName.ADMINISTRATOR]
    }

    assert alone == {Permission.TEAM_EDIT, Permission.HISTORY_VIEW, Permission.PLANS_EDIT}
