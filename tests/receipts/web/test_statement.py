"""The bank's statement in the office: a file, proposals, a click."""

import io
import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.payments.models import BankLine
from eventsapp.payments.statuses import BankLineStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day

PAGE = "/organisation/encaissements/releve/"


@pytest.fixture
def accountant(client: FlaskClient, frozen: None) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def send(client: FlaskClient, *rows: str) -> str:
    file = "Date;Libellé;Montant\n" + "".join(f"{NOW:%d/%m/%Y};{row}\n" for row in rows)
    answer = client.post(PAGE, data={"file": (io.BytesIO(file.encode("cp1252")), "releve.csv")})
    assert answer.status_code == 303
    return client.get(PAGE).text


def test_a_line_is_proposed_and_counted_by_a_click(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    page = send(accountant, f"VIR TRESORERIE {order.reference};621,00", "FRAIS;-3,20")
    action, part = re.findall(r'action="([^"]+)"', page)[-2], re.findall(r'name="part" value="([^"]+)"', page)[0]
    assert part == f"{order.reference}=621,00"

    accountant.post(action, data={"part": part})

    assert order.balance_cents == 0
    assert "Lignes nouvelles : 0 ; déjà connues : 1" in send(
        accountant, f"VIR TRESORERIE {order.reference};621,00"
    ).replace("\u00a0", " ").replace("\u202f", " ")
    assert db.session.scalars(sa.select(BankLine.status)).all() == [BankLineStatus.MATCHED]


def test_only_the_best_proposal_has_the_main_button_and_none_of_two_alike(accountant: FlaskClient) -> None:
    order, _other = (place(seats(make_study_day())) for _ in range(2))

    named, alike = (
        re.findall(r'<button class="(button[^"]*)" type="submit">Encaisser', page)
        for page in (send(accountant, f"VIR {order.reference};621,00"), send(accountant, "VIR VILLE D EXEMPLE;621,00"))
    )

    assert named == ["button main", "button"]
    # The line of before, and the one of which nobody can say whose it is.
    assert sorted(alike) == ["button", "button", "button", "button main"]


def test_a_line_is_split_by_hand_or_set_aside(accountant: FlaskClient) -> None:
    first, second = place(seats(make_study_day())), place(seats(make_study_day()))
    send(accountant, "VIR INCONNU;1000,00", "REMISE CHEQUES;5,00")
    split, aside = db.session.scalars(sa.select(BankLine.id).order_by(BankLine.id))

    accountant.post(f"{PAGE}{split}/", data={"part": f"{first.reference}=621,00 + {second.reference}=300"})
    assert (first.paid_cents, second.paid_cents) == (0, 0)
    accountant.post(f"{PAGE}{split}/", data={"part": f"{first.reference}=621,00 + {second.reference}=379"})
    accountant.post(f"{PAGE}{aside}/ecarter/")

    assert (first.paid_cents, second.paid_cents) == (62100, 37900)
    statuses = db.session.scalars(sa.select(BankLine.status).order_by(BankLine.id)).all()
    assert statuses == [BankLineStatus.MATCHED, BankLineStatus.IGNORED]


def test_a_refusal_stands_beside_its_line_with_what_was_typed(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    send(accountant, "VIR INCONNU;1621,00", "VIR AUTRE;5,00")
    line = db.session.scalars(sa.select(BankLine.id).where(BankLine.amount_cents == 162100)).one()

    short = accountant.post(f"{PAGE}{line}/", data={"part": f"{order.reference}=621,00"})
    unknown = accountant.post(f"{PAGE}{line}/", data={"part": "INCONNUE"})

    assert (short.status_code, unknown.status_code) == (422, 422)
    row = short.text.split(f'aria-labelledby="line-{line}"')[1].split("</article>")[0]
    assert f'value="{order.reference}=621,00" aria-invalid="true" aria-describedby="line-{line}-error"' in row
    assert "Il reste 1\u00a0000,00\u00a0€ à répartir" in row.split(f'id="line-{line}-error"')[1]
    assert short.text.count("à répartir") == 1
    assert "Aucune commande n’a la référence «\u00a0INCONNUE\u00a0»" in unknown.text


def test_the_bank_has_a_slip_by_a_click_and_then_it_stays(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()), payment_method="cheque")
    money = {"method": "cheque", "received_on": NOW.date().isoformat(), "reference": "1", "amount": "621,00"}
    receipts = "/organisation/encaissements/"
    accountant.post(receipts, query_string={"q": order.reference}, data=money | {"order": str(order.id)})
    (picked,) = re.findall(r'name="picked" value="(\d+)"', accountant.get(receipts).text)
    slip = accountant.post(f"{receipts}remises/", data={"picked": picked, "deposited_on": NOW.date()}).location
    page = send(accountant, "REMISE CHEQUES;621,00")
    (match,) = re.findall(r'action="([^"]+/remise/\d+/)"', page)

    assert "Annuler ce bordereau" in accountant.get(slip).text
    assert accountant.post(match).status_code == 303
    twice = accountant.post(match)

    assert (twice.status_code, "déjà traitée" in twice.text) == (409, True)
    assert "Annuler ce bordereau" not in accountant.get(slip).text
    refused = accountant.post(f"{slip}annuler/")
    assert "rapproché du relevé de la banque" in accountant.get(refused.location).text


def test_what_cannot_be_read_is_named_and_the_rest_is_kept(accountant: FlaskClient) -> None:
    rows = ("VIR A;1,00", "VIR B;99999999999999,00", "VIR C;2,00", "VIR D;88888888888888")
    page = send(accountant, *rows).replace("\u00a0", " ").replace("\u202f", " ")

    assert "Lignes nouvelles : 2" in page
    assert "2 lignes illisibles : n° 3, 5." in page
    assert "1 ligne illisible : n° 2." in send(accountant, rows[1]).replace("\u00a0", " ")


def test_a_file_that_is_no_statement_is_refused_in_words(accountant: FlaskClient) -> None:
    answer = accountant.post(PAGE, data={"file": (io.BytesIO(b"\x89PNG\x00"), "a.csv")})

    assert answer.status_code == 422
    assert "n’est pas un relevé" in answer.text
