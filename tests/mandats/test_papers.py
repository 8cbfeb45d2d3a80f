"""What is pasted into Chorus Pro."""

from dataclasses import replace
from datetime import date

from eventsapp.mandats import papers
from tests.support.makers.invoices import TOWN_HALL, a_content, paid


def test_the_sheet_has_the_portals_fields_as_they_are_pasted() -> None:
    sheet = dict(papers.chorus_sheet(a_content(issued_on=date(2026, 11, 23), due_on=date(2026, 12, 23))))

    assert sheet["Cadre de facturation"] == "A1"
    assert sheet["SIRET du destinataire"] == "21750001600019"
    assert (sheet["Code service"], sheet["Numéro d’engagement"]) == ("FINANCES", "EJ-2026-0417")
    assert (sheet["Date de facture"], sheet["Date d’échéance"]) == ("23/11/2026", "23/12/2026")
    assert (sheet["Montant TTC"], sheet["Net à payer"]) == ("1209,00", "1209,00")
    assert sheet["IBAN"] == "FR7630006000011234567890189"


def test_what_is_paid_already_goes_by_another_frame_and_empty_fields_are_left_out() -> None:
    sheet = dict(papers.chorus_sheet(paid(a_content())))

    assert (sheet["Cadre de facturation"], sheet["Net à payer"]) == ("A2", "0,00")
    assert "Date d’échéance" not in sheet


def test_a_body_without_commitment_number_has_its_purchase_order_found() -> None:
    buyer = replace(TOWN_HALL, commitment_number="", purchase_order="BC-2026-118")

    assert dict(papers.chorus_sheet(a_content(buyer=buyer)))["Numéro d’engagement"] == "BC-2026-118"
