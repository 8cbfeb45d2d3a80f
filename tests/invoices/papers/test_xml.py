"""The electronic invoice says what the content says, term by term."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from eventsapp.invoices.papers import Channel, einvoice_xml, has_einvoice, problems
from eventsapp.invoices.statuses import Nature
from eventsapp.invoices.values import Buyer, Content
from eventsapp.papers.errors import PaperFailed
from tests.support.makers.invoices import (
    COMPANY,
    DAY,
    EXEMPTION,
    ISSUED_ON,
    LIBRARY,
    PERSON,
    SUBSCRIPTION,
    TEACHING,
    TERMS,
    TOWN_HALL,
    a_content,
    a_credit_note,
    paid,
    random_contents,
)

AGREEMENT = "//ram:ApplicableHeaderTradeAgreement"
SETTLEMENT = "//ram:ApplicableHeaderTradeSettlement"
TOTALS = f"{SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
BUYER = f"{AGREEMENT}/ram:BuyerTradeParty"
PROCESS = "//ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"
DUE_ON = f"{SETTLEMENT}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString"


def said(content: Content, path: str, *, channel: Channel = "email") -> list[str]:
    """Return the texts found at ``path`` in the electronic invoice of ``content``."""
    root = etree.fromstring(einvoice_xml(content, channel=channel))
    return [element.text for element in root.xpath(path, namespaces=root.nsmap)]


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


def test_the_amounts_are_those_of_the_content() -> None:
    for content in random_contents(20, seed=7):
        taxes = zip(
            said(content, f"{SETTLEMENT}/ram:ApplicableTradeTax/ram:BasisAmount"),
            said(content, f"{SETTLEMENT}/ram:ApplicableTradeTax/ram:CalculatedAmount"),
            strict=True,
        )

        assert [cents(text) for text in said(content, "//ram:LineTotalAmount")] == [
            *(line.net_cents for line in content.lines),
            content.net_cents,
        ]
        assert [(cents(net), cents(vat)) for net, vat in taxes] == [
            (share.net_cents, share.vat_cents) for share in content.shares
        ]
        assert [cents(said(content, f"{TOTALS}/ram:{name}")[0]) for name in (
            "TaxBasisTotalAmount", "TaxTotalAmount", "GrandTotalAmount", "TotalPrepaidAmount", "DuePayableAmount",
        )] == [
            content.net_cents, content.vat_cents, content.total_cents, content.paid_cents, content.due_cents,
        ]  # fmt: skip


def test_unit_prices_have_four_decimals() -> None:
    assert said(a_content(), "//ram:NetPriceProductTradePrice/ram:ChargeAmount") == ["450.0000", "126.3467"]


def test_a_town_hall_is_found_by_its_siret_service_and_commitment() -> None:
    assert said(a_content(), f"{BUYER}/ram:GlobalID[@schemeID='0009']") == ["21750001600019"]
    assert said(a_content(), f"{BUYER}/ram:SpecifiedLegalOrganization/ram:ID[@schemeID='0002']") == ["217500016"]
    assert said(a_content(), f"{AGREEMENT}/ram:BuyerReference") == ["FINANCES"]
    assert said(a_content(), f"{AGREEMENT}/ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID") == ["EJ-2026-0417"]


ADDRESSES = [
    (TOWN_HALL, "0225", "217500016_21750001600019_FINANCES"),
    (replace(TOWN_HALL, service_code=""), "0225", "217500016_21750001600019"),
    (replace(TOWN_HALL, service_code="SERVICE DES FINANCES"), "0225", "217500016_21750001600019"),
    (COMPANY, "0225", "732829320"),
    (PERSON, "EM", "camille.leroy@exemple.fr"),
]


@pytest.mark.parametrize(("buyer", "scheme", "address"), ADDRESSES)
def test_the_electronic_address_is_that_of_the_french_directory_or_the_mail(
    buyer: Buyer, scheme: str, address: str
) -> None:
    content = a_content(buyer=buyer)

    assert said(content, f"{BUYER}/ram:URIUniversalCommunication/ram:URIID[@schemeID='{scheme}']") == [address]


def test_who_has_no_electronic_address_gets_no_electronic_invoice() -> None:
    content = a_content(buyer=replace(PERSON, email=""))

    assert not has_einvoice(content)
    with pytest.raises(ValueError, match="F-2026-00042"):
        einvoice_xml(content)


@pytest.mark.parametrize(
    ("nature", "open_process", "paid_process"),
    [(Nature.GOODS, "B1", "B2"), (Nature.SERVICES, "S1", "S2"), (Nature.MIXED, "M1", "M2")],
)
def test_the_process_says_what_is_sold_and_whether_it_is_paid(
    nature: Nature, open_process: str, paid_process: str
) -> None:
    content = a_content(nature=nature)

    assert said(content, PROCESS) == [open_process]
    assert said(paid(content), PROCESS) == [paid_process]
    assert said(content, PROCESS, channel="chorus") == ["A1"]
    assert said(paid(content), PROCESS, channel="chorus") == ["A2"]


def test_the_due_date_of_what_is_paid_is_the_day_it_was() -> None:
    earlier = date(2026, 11, 11)

    assert said(a_content(), DUE_ON) == ["20261223"]
    assert said(paid(a_content(), on=earlier), DUE_ON) == ["20261111"]
    assert said(paid(a_content(), on=None), DUE_ON) == ["20261123"]
    assert said(paid(a_content(), on=earlier), DUE_ON, channel="chorus") == ["20261123"]


def test_the_three_mentions_are_there_once_each() -> None:
    assert said(a_content(), "//ram:IncludedNote/ram:SubjectCode") == ["PMT", "PMD", "AAB"]
    assert said(a_content(), "//ram:IncludedNote[ram:SubjectCode='PMT']/ram:Content") == [TERMS.recovery_fee]


def test_what_bears_no_tax_says_why() -> None:
    content = a_content(replace(DAY, vat_rate=0, **EXEMPTION))
    tax = f"{SETTLEMENT}/ram:ApplicableTradeTax"

    assert said(content, f"{tax}/ram:CategoryCode") == ["E"]
    assert said(content, f"{tax}/ram:RateApplicablePercent") == ["0.00"]
    assert said(content, f"{tax}/ram:ExemptionReasonCode") == ["VATEX-FR-CGI261-4"]
    assert said(content, f"{tax}/ram:ExemptionReason") == [EXEMPTION["exemption"]]


def test_two_reasons_for_no_tax_are_both_said_in_the_one_breakdown_that_there_may_be() -> None:
    content = a_content(replace(DAY, vat_rate=0, **EXEMPTION), replace(SUBSCRIPTION, vat_rate=0, **TEACHING))
    tax = f"{SETTLEMENT}/ram:ApplicableTradeTax"

    assert said(content, f"{tax}/ram:CategoryCode") == ["E"]
    assert said(content, f"{tax}/ram:ExemptionReason") == [f"{EXEMPTION['exemption']} ; {TEACHING['exemption']}"]
    assert said(content, f"{tax}/ram:ExemptionReasonCode") == []


def test_a_credit_note_names_the_invoice_and_its_date_and_no_account_of_ours() -> None:
    content = a_credit_note()
    origin = f"{SETTLEMENT}/ram:InvoiceReferencedDocument"

    assert said(content, "//rsm:ExchangedDocument/ram:TypeCode") == ["381"]
    assert said(content, f"{origin}/ram:IssuerAssignedID") == ["F-2026-00042"]
    assert said(content, f"{origin}//qdt:DateTimeString") == ["20261005"]
    assert said(content, f"{SETTLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode") == ["97"]
    assert said(content, "//ram:IBANID") == []


def test_what_is_to_be_paid_by_transfer_says_where_to() -> None:
    assert said(a_content(), "//ram:IBANID") == ["FR7630006000011234567890189"]
    assert said(a_content(), "//ram:BICID") == ["AGRIFRPP"]
    assert said(a_content(), f"{SETTLEMENT}/ram:PaymentReference") == ["F-2026-00042"]


def test_a_discount_is_told_before_tax_beside_the_price_before_it() -> None:
    content = a_content(replace(DAY, discount_cents=DAY.gross_cents // 9))
    price = "//ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice"
    (line,) = content.lines

    assert said(content, f"{price}/ram:ChargeAmount") == [f"{line.full_unit_net:.4f}"]
    (off,) = said(content, f"{price}/ram:AppliedTradeAllowanceCharge/ram:ActualAmount")
    assert line.full_unit_net - Decimal(off) == line.unit_net
    assert problems([einvoice_xml(content)]) == [[]]


def test_tax_on_debits_falls_due_with_the_invoice_and_on_services_with_their_payment() -> None:
    tax_point = f"{SETTLEMENT}/ram:ApplicableTradeTax/ram:DueDateTypeCode"

    assert said(a_content(DAY, nature=Nature.SERVICES), tax_point) == ["72"]
    assert said(a_content(DAY, terms=replace(TERMS, vat_on_debits=True)), tax_point) == ["5"]
    assert said(a_content(DAY, nature=Nature.MIXED), tax_point) == []


def test_a_document_without_dates_of_supply_is_valid_too() -> None:
    content = a_content(supplied_from=None, supplied_to=None)

    assert said(content, "//ram:BillingSpecifiedPeriod") == []
    assert b"nil" not in einvoice_xml(content)


HOSTILE = [
    '</ram:Name><ram:Name>X" xsi:nil="true"',
    "&lt;script&gt; <![CDATA[x]]> <!-- -->",
    "nul\x00, échappe\x1b, moitié \ud83d",
    "é" * 250,
]


def hostile_content(hostile: str) -> Content:
    """Return an invoice on which everything that somebody may type is ``hostile``."""
    buyer = replace(TOWN_HALL, name=hostile, contact=hostile, street=f"{hostile}\n{hostile}\n{hostile}\n{hostile}")
    return a_content(replace(DAY, label=hostile, detail=hostile), buyer=buyer)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_text(hostile: str) -> None:
    content = hostile_content(hostile)

    (name,) = said(content, f"{BUYER}/ram:Name")

    assert name == hostile.replace("\x00", "").replace("\x1b", "").replace("\ud83d", "\N{REPLACEMENT CHARACTER}")
    assert said(content, "//ram:SpecifiedTradeProduct/ram:Name") == [name]


def test_what_is_unusual_is_valid_too() -> None:
    contents = [
        *(a_content(buyer=buyer) for buyer, _scheme, _address in ADDRESSES),
        a_content(supplied_from=None, supplied_to=None),
        a_content(replace(DAY, gross_cents=0)),
        *map(hostile_content, HOSTILE),
    ]

    assert problems([einvoice_xml(content) for content in contents]) == [[]] * len(contents)


@pytest.mark.parametrize(
    "content", [a_content(number=""), a_content(replace(DAY, label=" ")), a_content(supplied_from=date(2027, 1, 1))]
)
def test_what_makes_no_document_says_so(content: Content) -> None:
    with pytest.raises(PaperFailed, match=rf"^{content.number}: "):
        einvoice_xml(content)


def test_the_same_content_gives_the_same_bytes() -> None:
    assert einvoice_xml(a_content()) == einvoice_xml(a_content(issued_on=ISSUED_ON))


def test_importing_the_papers_loads_no_heavy_part() -> None:
    heavy = {"facturx", "saxonche", "pikepdf", "typst", "requests"}
    source = f"import sys, eventsapp.invoices.papers as _; print(sorted({heavy} & set(sys.modules)))"

    asked = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)

    assert asked.stdout == "[]\n"


def test_the_buyers_vat_number_and_the_place_of_delivery_have_their_fields() -> None:
    content = a_content(buyer=replace(COMPANY, vat_number="FR40303265045"), delivered_to=LIBRARY)
    place = "//ram:ApplicableHeaderTradeDelivery/ram:ShipToTradeParty"

    assert said(content, f"{BUYER}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']") == ["FR40303265045"]
    assert said(content, f"{place}/ram:Name") == [LIBRARY.name]
    assert said(content, f"{place}/ram:PostalTradeAddress/ram:PostcodeCode") == ["44100"]
    assert said(a_content(), f"{place}/ram:Name") == []
