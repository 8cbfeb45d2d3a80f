"""Payment methods in the office: the list, the editor, its preview, and what is refused."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from eventsapp.core.page_cache import ContentVersion
from eventsapp.dunning import queries as dunning
from eventsapp.payments import queries
from eventsapp.payments.statuses import InvoiceMoment
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats
from tests.support.makers.payments import a_method, make_method
from tests.support.makers.study_days import make_study_day
from tests.support.pages import Page
from tests.support.queries import counting_queries

MODES = "/organisation/reglements/modes/"
#: A transfer at 45 days, as the browser sends it.
FORM: dict[str, object] = {
    "name": "Virement à 45 jours",
    "name_en": "Transfer in 45 days",
    "delay_label": "à 45 jours",
    "delay_label_en": "in 45 days",
    "summary": "Les places sont confirmées ; le virement est attendu sous 45 jours.",
    "summary_en": "Seats are confirmed; the transfer is awaited within 45 days.",
    "instructions": "Faites le virement sur le compte ci-dessous.",
    "instructions_en": "Transfer the amount to the account below.",
    "shown_details": ["payee", "iban", "bic"],
    "online": "offline",
    "confirms_seat": "promise",
    "hold_minutes": "",
    "hold_unit": "1440",
    "payment_days": "45",
    "grace_days": "5",
    "closes_days_before": "0",
    "required_fields": ["service_code", "organisation"],
    "optional_fields": ["service_code", "commitment_number"],
    "purchase_order_days": "",
    "invoice_at": "order",
    "means_code": "30",
    "reference_label": "Référence du virement",
    "place": "5",
    "enabled": "y",
}

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"payment_days": "120"}, ("L441-10) : confirmez", "Ce texte dit 45 jours, l’échéance est à 120")),
        (
            {"purchase_order_days": "10", "required_fields": ["organisation", "siret", "address", "postcode", "city"]},
            ("R2192-10) : confirmez",),
        ),
        ({"summary": "Le virement est attendu sous 10 jours."}, ("Ce texte dit 10 jours, l’échéance est à 45",)),
    ],
)
def test_a_term_beyond_the_law_or_beside_its_words_is_confirmed_first(
    office: FlaskClient, typed: dict[str, str], said: tuple[str, ...]
) -> None:
    warned = office.post(f"{MODES}nouveau/", data=FORM | typed)
    kept = office.post(f"{MODES}nouveau/", data=FORM | typed | {"knowingly": "y"})

    text = warned.text.replace("\u00a0", " ")
    assert (warned.status_code, kept.status_code) == (422, 303)
    assert all(part in text for part in said)
    assert 'name="knowingly"' in warned.text
    assert 'name="knowingly"' not in office.get(f"{MODES}nouveau/").text


def test_a_method_is_made_in_the_office_and_offered_where_it_was_put(office: FlaskClient) -> None:
    day = make_study_day()

    assert office.post(f"{MODES}nouveau/", data=FORM | {"place": "2", "reminders_like": "transfer"}).status_code == 303

    made = queries.method("virement-a-45-jours")
    assert (made.payment_days, made.grace_days, made.hold_minutes) == (45, 5, None)
    assert (made.required_fields, made.optional_fields) == (["organisation", "service_code"], ["commitment_number"])
    assert len(dunning.steps_of(made.code)) == 3
    listed = [row[0] for row in Page(office.get(MODES).text).rows]
    assert [name.split(" à ")[0] for name in listed][:2] == ["Carte bancaire (CB) immédiat", "Virement"]
    form = office.get(f"/journees/{day.slug}/inscription/").text
    assert form.index("Carte bancaire") < form.index("Virement à 45 jours") < form.index("Mandat administratif")
    assert "le virement est attendu sous 45 jours." in form
    english = office.get(f"/en/journees/{day.slug}/inscription/").text
    assert "Transfer in 45 days" in english


def test_pages_kept_whole_that_name_the_methods_are_made_anew_at_each_change(office: FlaskClient) -> None:
    seen = [_version_of_plans()]
    for address, changes in (("nouveau/", {}), ("virement-a-45-jours/", {"version": "1", "delay_label": "plus tard"})):
        assert office.post(f"{MODES}{address}", data=FORM | changes).status_code == 303
        seen.append(_version_of_plans())
    assert office.post(f"{MODES}virement-a-45-jours/supprimer/").status_code == 303

    assert [*seen, _version_of_plans()] == [seen[0], seen[0] + 1, seen[0] + 2, seen[0] + 3]
    assert "Carte bancaire" in office.get("/abonnements/").text


def _version_of_plans() -> int:
    return db.session.scalars(sa.select(ContentVersion.version).where(ContentVersion.scope == "plans")).one()


def test_a_copy_starts_from_the_other_with_its_reminders(office: FlaskClient) -> None:
    fields = Page(office.get(f"{MODES}nouveau/?modele=cheque").text).fields

    assert (fields["name"], fields["payment_days"], fields["grace_days"]) == ("Chèque bancaire (copie)", "15", "10")
    assert (fields["means_code"], fields["closes_days_before"]) == ("20", "5")
    assert (fields["reminders_like"], fields["place"]) == ("cheque", "5")


def test_a_hold_is_written_in_the_largest_unit_that_says_it_whole(office: FlaskClient) -> None:
    fields = Page(office.get(f"{MODES}card/").text).fields
    assert (fields["hold_minutes"], fields["hold_unit"]) == ("30", "1")

    held = FORM | {
        "confirms_seat": "payment", "hold_minutes": "36", "hold_unit": "60", "payment_days": "", "grace_days": "",
        "invoice_at": "payment", "proforma": "y",
    }  # fmt: skip
    assert office.post(f"{MODES}nouveau/", data=held).status_code == 303

    made = queries.method("virement-a-45-jours")
    assert (made.hold_minutes, made.payment_days, made.proforma) == (36 * 60, None, True)
    fields = Page(office.get(f"{MODES}{made.code}/").text).fields
    assert (fields["hold_minutes"], fields["hold_unit"]) == ("36", "60")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name_en": ""}, "name_en"),
        ({"summary_en": ""}, "summary_en"),
        ({"payment_days": ""}, "payment_days"),
        ({"payment_days": "366"}, "payment_days"),
        ({"payment_days": "bientôt"}, "payment_days"),
        ({"grace_days": "-1"}, "grace_days"),
        ({"hold_minutes": "3"}, "hold_minutes"),
        ({"confirms_seat": "payment"}, "invoice_at"),
        ({"invoice_at": "delivery"}, "invoice_at"),
        ({"proforma": "y"}, "proforma"),
        ({"purchase_order_days": "10"}, "required_fields"),
        ({"online": "online"}, "confirms_seat"),
        ({"means_code": "99"}, "means_code"),
        ({"place": "12"}, "place"),
    ],
)
def test_what_cannot_be_is_explained_at_its_field_and_nothing_typed_is_lost(
    office: FlaskClient, changes: dict[str, object], field: str
) -> None:
    answer = office.post(f"{MODES}nouveau/", data=FORM | changes)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert "Transfer the amount to the account below." in answer.text
    assert len(queries.all_methods()) == 4


def test_a_change_says_that_orders_keep_their_dates_and_is_written_into_the_history(office: FlaskClient) -> None:
    method = make_method()
    order = place(seats(make_study_day()), payment_method=method.code)
    page = office.get(f"{MODES}{method.code}/").text
    assert "Une commande garde ses dates" in page.replace("1 commande", "Une commande")
    assert "Celles qui sont passées gardent leur échéance" in page

    answer = office.post(f"{MODES}{method.code}/", data=FORM | {"version": "1", "payment_days": "30", "knowingly": "y"})

    assert answer.status_code == 303
    assert "Les commandes déjà passées gardent leurs dates." in office.get(MODES).text
    assert order.due_on is not None
    assert (order.due_on - order.placed_at.date()).days == 45
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "payment_methods.edit")).one()
    assert entry.changes["payment_days"] == [45, 30]
    assert "a modifié le mode de règlement" in office.get(f"{MODES}{method.code}/").text


def test_the_second_of_two_editors_sees_who_was_first_and_may_then_save_over_it(office: FlaskClient) -> None:
    method = make_method()
    assert office.post(f"{MODES}{method.code}/", data=FORM | {"version": "1", "grace_days": "9"}).status_code == 303

    late = office.post(f"{MODES}{method.code}/", data=FORM | {"version": "1", "grace_days": "2"})

    assert late.status_code == 409
    assert "Camille Exemple" in late.text
    assert "comparez, puis enregistrez à nouveau" in late.text
    fields = Page(late.text).fields
    assert (fields["grace_days"], fields["version"]) == ("2", "2")
    assert queries.method(method.code).grace_days == 9
    again = office.post(f"{MODES}{method.code}/", data=FORM | {"version": "2", "grace_days": "2"})
    assert (again.status_code, queries.method(method.code).grace_days) == (303, 2)


def test_what_served_cannot_be_deleted_nor_paid_another_way_but_withdrawn(office: FlaskClient) -> None:
    method = make_method()
    place(seats(make_study_day()), payment_method=method.code)

    assert "Supprimer" not in office.get(f"{MODES}{method.code}/").text
    refused = office.post(f"{MODES}{method.code}/supprimer/", follow_redirects=True)
    assert "Ce mode a déjà servi" in refused.text
    other_means = office.post(f"{MODES}{method.code}/", data=FORM | {"version": "1", "means_code": "20"})
    assert (other_means.status_code, 'href="#means_code"' in other_means.text) == (422, True)

    withdrawn = {name: value for name, value in FORM.items() if name != "enabled"}
    assert office.post(f"{MODES}{method.code}/", data=withdrawn | {"version": "1"}).status_code == 303
    assert queries.enabled_method(method.code) is None
    assert method.name in office.get(f"{MODES}?etat=retires").text


def test_what_never_served_is_deleted_with_a_line_in_the_history(office: FlaskClient) -> None:
    method = make_method()

    assert office.post(f"{MODES}{method.code}/supprimer/").status_code == 303

    assert queries.method_or_none("virement-a-45-jours") is None
    assert office.get(f"{MODES}virement-a-45-jours/").status_code == 404
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "payment_methods.delete")).one()
    assert entry.subject_label == "Virement à 45 jours"


def test_the_last_one_stays_whatever_is_sent(office: FlaskClient) -> None:
    for code in ("card", "mandat", "cheque"):
        queries.method(code).enabled = False
    db.session.commit()
    data = FORM | {"name": "Virement", "version": "1", "place": "1"}
    del data["enabled"]

    answer = office.post(f"{MODES}transfer/", data=data)

    assert (answer.status_code, "C’est le seul mode proposé" in answer.text) == (422, True)
    assert queries.method("transfer").enabled


@pytest.mark.parametrize("address", ["apercu/", "nouveau/"])
def test_the_preview_reads_as_the_form_will_and_tells_what_becomes_of_an_order(
    office: FlaskClient, address: str
) -> None:
    before = len(queries.all_methods())
    draft = FORM | {"preview": "1", "optional_fields": ["service_code"], "required_fields": ["commitment_number"]}

    answer = office.post(f"{MODES}{address}", data=draft)

    assert answer.status_code == 200
    for words in (
        "Virement à 45 jours", "Transfer in 45 days", "Seats are confirmed;", "Code service", "s’il existe",
        "attendu au plus tard le 7\u00a0janvier 2027, toléré jusqu’au 12\u00a0janvier 2027",
        "confirmée dès la commande",
    ):  # fmt: skip
        assert words in answer.text, words
    assert 'class="error-text"' not in answer.text
    assert len(queries.all_methods()) == before


@pytest.mark.parametrize("field", ["payment_days", "grace_days", "closes_days_before", "hold_minutes"])
def test_days_beyond_any_calendar_are_refused_at_their_field(office: FlaskClient, field: str) -> None:
    typed = FORM | {field: "99999999999999"}

    answers = [office.post(f"{MODES}nouveau/", data=typed | more) for more in ({}, {"preview": "y"})]

    assert answers[0].status_code == 422
    assert f'id="{field}-error"' in answers[0].text
    assert answers[1].status_code < 500


@pytest.mark.both_databases
def test_no_method_has_a_sign_that_is_none_in_its_code(office: FlaskClient) -> None:
    assert office.get(f"{MODES}nouveau/?modele=transfer%00").status_code == 200


def test_a_moment_that_is_none_is_refused_at_its_field(office: FlaskClient) -> None:
    answers = [office.post(f"{MODES}{page}", data=FORM | {"invoice_at": "hier"}) for page in ("nouveau/", "apercu/")]

    assert [answer.status_code for answer in answers] == [422, 200]


def test_half_a_form_has_a_preview_as_well(office: FlaskClient) -> None:
    answer = office.post(
        f"{MODES}apercu/", data={"name": "<b>Essai</b>", "payment_days": "x", "confirms_seat": "payment"}
    )

    assert answer.status_code == 200
    assert "&lt;b&gt;Essai&lt;/b&gt;" in answer.text


def test_the_list_says_where_nobody_could_pay(app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "notice" not in office.get(MODES).text

    settings = app.extensions["eventsapp.settings"]
    monkeypatch.setitem(app.extensions, "eventsapp.settings", replace(settings, stripe_secret_key=""))
    queries.method("mandat").enabled = False
    db.session.commit()
    page = office.get(MODES).text

    assert "STRIPE_SECRET_KEY n’est pas réglé" in page
    assert "Dans les 3 derniers jours avant une journée, aucun mode n’est proposé" in page


def test_only_who_keeps_the_accounts_changes_how_money_is_asked_for(client: FlaskClient) -> None:
    sign_in(client, make_user(RoleName.ORGANISER))

    assert MODES not in client.get("/organisation/").text
    assert client.get(MODES).status_code == 403
    assert client.post(f"{MODES}nouveau/", data=FORM).status_code == 403


def test_the_list_asks_as_many_queries_for_four_methods_as_for_thirty(office: FlaskClient) -> None:
    seen = []
    for more in (0, 26):
        for number in range(more):
            make_method(a_method(name=f"Mode {number}", invoice_at=InvoiceMoment.PAYMENT))
        db.session.expire_all()
        with counting_queries() as count:
            assert office.get(MODES).status_code == 200
        seen.append(count())

    assert seen[0] == seen[1] <= 9


def test_the_moment_of_the_invoice_may_be_left_to_the_buyer(office: FlaskClient) -> None:
    kept = {"invoice_at": "choice", "purchase_order_days": "10", "required_fields": ["organisation", "siret"]}
    kept["knowingly"] = "y"

    alone = office.post(f"{MODES}nouveau/", data=FORM | {"invoice_at": "choice"})
    made = office.post(f"{MODES}nouveau/", data=FORM | kept)

    assert (alone.status_code, made.status_code) == (422, 303)
    assert "ne choisit que pour un mandat" in alone.text
    method = queries.method("virement-a-45-jours")
    assert (method.invoice_choice, method.invoice_at) == (True, InvoiceMoment.ORDER)
    assert Page(office.get(f"{MODES}virement-a-45-jours/").text).fields["invoice_at"] == "choice"
