"""The PDF: valid for archives and screen readers, every mention of the law on it, the XML inside as it was."""

import io
import re
from dataclasses import replace
from datetime import date

import facturx
import pikepdf
import pytest

from eventsapp.core.french import typeset
from eventsapp.invoices.papers import XML_NAME, einvoice_xml, invoice_pdf, proforma_pdf, quote_pdf
from eventsapp.invoices.values import Content
from tests.papers.validator import faults, text, words
from tests.support.makers.invoices import (
    COMPANY,
    DAY,
    EXEMPTION,
    LIBRARY,
    PERSON,
    SELLER,
    SUBSCRIPTION,
    TERMS,
    TOWN_HALL,
    TRAINING,
    a_content,
    a_credit_note,
    paid,
    random_contents,
)

TWENTY = [replace(DAY, label=f"Place {number}") for number in range(1, 21)]
EXEMPT = replace(DAY, vat_rate=0, **EXEMPTION)


def letters(written: str) -> str:
    """Return a text without the layout's business: spaces, soft hyphens, small capitals."""
    return "".join(written.replace("\N{SOFT HYPHEN}", "").lower().split())


def missing(pdf: bytes, *parts: str) -> list[str]:
    """Return what of ``parts`` cannot be copied out of the PDF."""
    found = letters(text(pdf))
    return [part for part in parts if letters(part) not in found]


@pytest.mark.parametrize(
    "content",
    [
        a_content(),
        a_content(*TWENTY),
        paid(a_content(EXEMPT)),
        a_credit_note(),
        a_content(SUBSCRIPTION, buyer=PERSON, language="en"),
        *random_contents(5, seed=11),
    ],
    ids=lambda content: content.number,
)
def test_each_paper_is_valid_and_gives_its_xml_back_byte_for_byte(content: Content) -> None:
    xml = einvoice_xml(content)

    paper = invoice_pdf(content, xml=xml)

    assert faults(paper) == []
    with pikepdf.open(io.BytesIO(paper)) as document:
        assert document.attachments[XML_NAME].get_file().read_bytes() == xml
    assert facturx.get_xml_from_pdf(paper, check_xsd=False) == (XML_NAME, xml)


def test_readers_of_factur_x_find_what_they_look_for() -> None:
    paper = invoice_pdf(a_content(), xml=einvoice_xml(a_content()))

    with pikepdf.open(io.BytesIO(paper)) as document:
        said = document.Root.Metadata.read_bytes().decode()
        (file,) = document.Root.AF
        assert file.AFRelationship == "/Alternative"
        assert file.EF.F.Subtype == "/application/xml"
    values = re.findall(r"<fx:(\w+)>([^<]+)</fx:", said)
    assert values == [
        ("DocumentFileName", "factur-x.xml"),
        ("DocumentType", "INVOICE"),
        ("Version", "1.0"),
        ("ConformanceLevel", "EN 16931"),
    ]
    assert "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#" in said


def test_an_invoice_for_a_town_hall_has_every_mention_that_the_law_wants() -> None:
    paper = invoice_pdf(a_content(buyer=replace(TOWN_HALL, purchase_order="BC-2026-118")))

    assert missing(
        paper,
        "Facture F-2026-00042", "Votre bon de commande BC-2026-118",
        "23 novembre 2026", "8 décembre 2026", "23 décembre 2026",
        SELLER.name, "12, rue des Carmes", "49100 Angers", SELLER.legal_form, SELLER.register,
        "SIRET 552 081 317 66522", "FR03552081317",
        "Ville d’Exemple", "À l’attention de Dominique Martin", "Direction des finances", "44000 Nantes",
        "SIREN client 217 500 016", "SIRET client 217 500 016 00019", "Code service FINANCES",
        "N° d’engagement EJ-2026-0417", "Commande LC-7K2M9Q", "Livraison de biens et prestation de services",
        "La mutualisation avec ceux qui l’ont conduite", "450,00 €", "20 %", "900,00 €",
        "126,3467 €", "2,1 %", "126,35 €", "180,00 €", "2,65 €",
        "Total HT 1 026,35 €", "Total TVA 182,65 €", "Total TTC 1 209,00 €", "Net à payer TTC 1 209,00 €",
        "À régler au plus tard le 23 décembre 2026", "F-2026-00042 ou LC-7K2M9Q",
        "FR76 3000 6000 0112 3456 7890 189", "AGRIFRPP",
        "Virement ou mandat administratif", TERMS.late_penalty, TERMS.recovery_fee, TERMS.early_payment,
        TERMS.mentions,
    ) == []  # fmt: skip
    assert missing(paper, EXEMPTION["exemption"], "d’après les débits", "Réglée") == [
        EXEMPTION["exemption"], "d’après les débits", "Réglée",
    ]  # fmt: skip


def test_what_only_some_invoices_say_is_said_where_it_is_known() -> None:
    some = a_content(
        buyer=replace(COMPANY, vat_number="FR40303265045"),
        delivered_to=LIBRARY,
        terms=replace(TERMS, training_declaration=TRAINING),
    )
    said = (
        "N° de TVA client FR40303265045",
        "Livré à : Médiathèque d’Exemple, 4, rue des Livres, 44100 Nantes",
        TRAINING,
    )

    assert missing(invoice_pdf(some), *said) == []
    assert missing(invoice_pdf(a_content()), *said) == list(said)


def test_the_number_is_on_every_page() -> None:
    paper = invoice_pdf(a_content(*TWENTY))

    assert "Page 2 sur 2" in words(paper)
    with pikepdf.open(io.BytesIO(paper)) as document:
        assert len(document.pages) == 2
    # The title and the foot of the first page, head and foot of the second.
    assert letters(text(paper)).count(letters("Facture F-2026-00042")) == 4


def test_a_paid_invoice_says_when_it_was_only_if_that_is_known() -> None:
    content = paid(a_content())

    assert missing(
        invoice_pdf(content), "Réglée le 23 novembre 2026", "Carte bancaire", "Déjà réglé 1 209,00 €",
        "Reste à payer 0,00 €",
    ) == []  # fmt: skip
    unknown = invoice_pdf(replace(content, paid_on=None))
    assert missing(unknown, "Acquittée") == []
    assert missing(unknown, "Réglée le", "Pour régler") == ["Réglée le", "Pour régler"]


def test_an_invoice_paid_in_part_says_what_is_left() -> None:
    paper = invoice_pdf(a_content(paid_cents=20_900))

    assert missing(paper, "Déjà réglé 209,00 €", "Net à payer TTC 1 000,00 €", "Pour régler") == []


def test_an_invoice_without_tax_says_why_and_one_on_debits_says_so() -> None:
    paper = invoice_pdf(a_content(EXEMPT, terms=replace(TERMS, vat_on_debits=True)))

    assert (
        missing(paper, EXEMPTION["exemption"], "Option pour le paiement de la taxe d’après les débits", "exonéré") == []
    )


def test_a_credit_note_speaks_of_no_late_payment() -> None:
    paper = invoice_pdf(a_credit_note(DAY))

    late = (TERMS.late_penalty, TERMS.recovery_fee, TERMS.early_payment)
    assert missing(paper, *late, TERMS.mentions) == list(late)


def test_a_discounted_line_says_its_price_before_and_the_discount_before_tax() -> None:
    paper = invoice_pdf(a_content(replace(DAY, discount_cents=12_000)))

    assert (
        missing(
            paper, "Prix unitaire HT avant remise : 500,00 €", "Remise HT déduite : 100,00 €", "450,00 €", "900,00 €"
        )
        == []
    )


def test_a_credit_note_names_the_invoice_its_date_and_the_reason() -> None:
    paper = invoice_pdf(a_credit_note(DAY))

    assert missing(
        paper, "Avoir A-2026-00007", "Facture d’origine F-2026-00042 du 5 octobre 2026",
        "Motif : Annulation de l’inscription de Claude Roux.", "Net en votre faveur TTC 1 080,00 €",
    ) == []  # fmt: skip
    assert missing(paper, "Pour régler", "À payer") == ["Pour régler", "À payer"]


def test_an_english_invoice_speaks_english() -> None:
    paper = invoice_pdf(a_content(SUBSCRIPTION, buyer=COMPANY, language="en"))

    assert missing(
        paper, "Invoice F-2026-00042", "Buyer’s SIREN 732 829 320", "Unit price excl. VAT", "€126.3467",
        "Amount due incl. VAT €129.00", "23 December 2026", "How to pay", "Page 1 of 1",
    ) == []  # fmt: skip


def test_the_paper_for_a_portal_is_black_on_white_without_a_file_inside() -> None:
    paper = invoice_pdf(a_content(), portal=True)

    assert faults(paper) == []
    assert missing(paper, "SIRET client", "N° d’engagement", "Code service", "Date de facture", "Total TTC") == []
    with pikepdf.open(io.BytesIO(paper)) as document:
        assert list(document.attachments) == []


def test_a_quote_holds_until_a_date_and_has_a_place_to_sign() -> None:
    content = a_content(number="D-2026-00012", buyer=replace(TOWN_HALL, commitment_number=""))

    paper = quote_pdf(content, valid_until=date(2027, 1, 22))

    assert faults(paper) == []
    assert missing(
        paper, "Devis D-2026-00012", "Valable jusqu’au 22 janvier 2027", "Total TTC 1 209,00 €", "Bon pour accord",
        "Nom et qualité du signataire", "Signature et cachet", "N° d’engagement",
    ) == []  # fmt: skip
    assert missing(paper, "Facture", "Net à payer", "Échéance") == ["Facture", "Net à payer", "Échéance"]


def test_a_pro_forma_invoice_says_that_it_is_none_and_how_to_pay() -> None:
    content = a_content(number="2026-7K3P-9QXM", order_reference="")

    paper = proforma_pdf(content)

    assert faults(paper) == []
    assert missing(
        paper, "Facture pro forma 2026-7K3P-9QXM", "Ce document n’est pas une facture", "Date de la commande",
        "Échéance", "Net à payer TTC 1 209,00 €", "Référence à rappeler", "IBAN",
    ) == []  # fmt: skip
    assert missing(paper, "Date de facture", "Bon pour accord") == ["Date de facture", "Bon pour accord"]
    with pikepdf.open(io.BytesIO(paper)) as document:
        assert list(document.attachments) == []
    english = proforma_pdf(replace(content, language="en"))
    assert missing(english, "Pro forma invoice 2026-7K3P-9QXM", "This document is not an invoice") == []


def test_an_english_quote_speaks_english() -> None:
    paper = quote_pdf(a_content(number="D-2026-00012", language="en"), valid_until=date(2027, 1, 22))

    assert missing(paper, "Quote D-2026-00012", "Valid until 22 January 2027", "Agreed", "Signature and stamp") == []


@pytest.mark.parametrize(
    "hostile",
    ['#read("/etc/passwd") #eval("1")', "<script>alert(1)</script> &amp; {{7*7}}", "$x$ *a* _b_ `c` <l> @r", "É" * 180],
)
def test_hostile_text_is_printed_literally(hostile: str) -> None:
    buyer = replace(TOWN_HALL, name=hostile, street=hostile)
    content = a_content(replace(DAY, label=hostile, detail=hostile), buyer=buyer)

    paper = invoice_pdf(content, xml=einvoice_xml(content))

    printed = letters(text(paper))
    # The buyer stands as it was typed, what was sold with the quotes of the site's texts.
    assert (printed.count(letters(hostile)), printed.count(letters(typeset(hostile)))) in {(4, 4), (2, 2)}
    assert "root:" not in text(paper)
    assert faults(paper) == []


def test_the_same_content_gives_the_same_bytes() -> None:
    xml = einvoice_xml(a_content())

    assert invoice_pdf(a_content(), xml=xml) == invoice_pdf(a_content(), xml=xml)
