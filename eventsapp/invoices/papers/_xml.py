"""The electronic invoice: Cross Industry Invoice, EN 16931 profile of Factur-X, with what the French reform asks."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from lxml import etree

from eventsapp.core.money import VatShare
from eventsapp.invoices.statuses import DocumentKind, Nature
from eventsapp.invoices.values import Buyer, Content, Line, Place, Seller
from eventsapp.papers.characters import writable
from eventsapp.papers.errors import PaperFailed

#: Which way the document leaves the house; it decides what its « cadre de facturation » is called.
Channel: TypeAlias = Literal["email", "chorus"]

#: UNTDID 1001.
_TYPES = {DocumentKind.INVOICE: "380", DocumentKind.CREDIT_NOTE: "381"}
#: BT-23 by nature: followed by 1 for an invoice to be paid, by 2 for one that is paid already (BR-FR-08).
_NATURES = {Nature.GOODS: "B", Nature.SERVICES: "S", Nature.MIXED: "M"}
#: Schemes of ISO 6523 and EAS: SIRET, SIREN, the French directory of electronic addresses, plain e-mail.
_SIRET, _SIREN, _DIRECTORY, _MAIL = "0009", "0002", "0225", "EM"
#: UNTDID 4461: what is paid to the account whose IBAN is given, and the setting off of a credit note.
_TRANSFERS, _SET_OFF = frozenset({"30", "58"}), "97"
#: When the tax falls due: at the invoice's date, or when a service is paid.
_AT_INVOICE, _AT_PAYMENT = "invoice", "payment"
#: The one element that must be there even when nothing is said in it; it has no attributes.
_MAY_BE_EMPTY = "ApplicableHeaderTradeDelivery"
#: What an address of the French directory is made of (BR-FR-23), and its length (BR-FR-25).
_ADDRESS_PART = re.compile(r"[A-Za-z0-9._-]{1,100}")


def has_einvoice(content: Content) -> bool:
    """Say whether an electronic invoice can be made: the French rules want an electronic address of the buyer.

    An organisation's is its SIRET; who has none is reached by e-mail. Without either there is the PDF alone.
    """
    return bool(content.buyer.siret or content.buyer.email)


def einvoice_xml(content: Content, *, channel: Channel = "email") -> bytes:
    """Return the invoice as XML; the amounts are those of ``content``, none is computed anew.

    Nothing is checked here: ``problems`` does that. Raises ``ValueError`` when ``has_einvoice`` is false, and
    ``PaperFailed`` when so much is missing or at odds that no document can be written.
    """
    import facturx  # noqa: PLC0415 - 0.3 s, for the worker and not for the web server's start

    if not has_einvoice(content):
        raise ValueError(f"{content.number}: the buyer has neither a SIRET nor an e-mail address")
    try:
        made: bytes = facturx.generate_cii_xml(
            _document(content, channel), level="en16931", check_xsd=False, check_schematron=False
        )
    except (ValueError, KeyError) as failure:
        raise PaperFailed(f"{content.number}: {failure}") from failure
    return _without_nil(made)


def _without_nil(xml: bytes) -> bytes:
    """Return the XML without the marks that lxml.objectify puts on empty elements: the schema knows none."""
    root = etree.fromstring(xml)
    for element in root.iter(f"{{*}}{_MAY_BE_EMPTY}"):
        element.attrib.clear()
    etree.cleanup_namespaces(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _document(content: Content, channel: Channel) -> dict[str, Any]:
    """Return the terms of EN 16931 by their numbers; what is empty is left out."""
    given = {
        "BT-1": content.number,
        "BT-2": content.issued_on,
        "BT-3": _TYPES[content.kind],
        "BT-5": "EUR",
        "BT-8": _tax_point(content),
        "BT-9": _due_on(content, channel),
        "BT-10": _line(content.buyer.service_code),
        "BT-13": _line(content.buyer.order_number),
        "BT-14": _line(content.order_reference),
        "BT-20": _payment_terms(content),
        "BT-23": _process(content, channel),
        "BT-73": content.supplied_from,
        "BT-74": content.supplied_to,
        **_payment(content),
        "BT-106": _amount(sum(line.net_cents for line in content.lines)),
        "BT-109": _amount(content.net_cents),
        "BT-110": _amount(content.vat_cents),
        "BT-112": _amount(content.total_cents),
        "BT-113": _amount(content.paid_cents),
        "BT-115": _amount(content.due_cents),
        "BG-1": _notes(content),
        "BG-3": _preceding(content),
        "BG-4": _seller(content.seller),
        "BG-7": _buyer(content.buyer),
        "BG-13": _delivered_to(content.delivered_to),
        "BG-23": [_share(share, content) for share in content.shares],
        "BG-25": [_invoice_line(number, line) for number, line in enumerate(content.lines, 1)],
    }
    return _given(given)


def _process(content: Content, channel: Channel) -> str:
    """Return the « cadre de facturation »: Chorus Pro has kept names of its own, which the reform refuses."""
    paid = "2" if content.is_paid else "1"
    return f"A{paid}" if channel == "chorus" else f"{_NATURES[content.nature]}{paid}"


def _due_on(content: Content, channel: Channel) -> date | None:
    """Return until when it is to be paid; of what is paid already, when it was (BR-FR-CO-09).

    For Chorus Pro's own processes no date may lie before the invoice's (BR-FR-CO-07).
    """
    if not content.is_paid:
        return content.due_on
    return content.paid_on if content.paid_on and channel == "email" else content.issued_on


def _payment_terms(content: Content) -> str:
    """Return words where no date is given and something is due (BR-CO-25)."""
    if content.is_paid or content.due_on:
        return ""
    return "À déduire ou à rembourser" if content.kind is DocumentKind.CREDIT_NOTE else "À réception"


def _tax_point(content: Content) -> str:
    if content.terms.vat_on_debits:
        return _AT_INVOICE
    return _AT_PAYMENT if content.nature is Nature.SERVICES else ""


def _payment(content: Content) -> dict[str, str]:
    """Return how it is paid. A credit note is set off, or goes back by card or cheque: never to our own account."""
    means = content.payment_means
    if means in _TRANSFERS and content.kind is DocumentKind.CREDIT_NOTE:
        means = _SET_OFF
    given = {"BT-81": means, "BT-82": _line(content.payment_label), "BT-83": content.number}
    if means not in _TRANSFERS:
        return given
    return given | {
        "BT-84": "".join(content.seller.iban.split()),
        "BT-85": _line(content.seller.name),
        "BT-86": "".join(content.seller.bic.split()),
    }


def _notes(content: Content) -> list[dict[str, str]]:
    """Return the mentions that the law wants, once each (BR-FR-05, BR-FR-06), and the others without a subject."""
    notes = (
        ("PMT", content.terms.recovery_fee),
        ("PMD", content.terms.late_penalty),
        ("AAB", content.terms.early_payment),
        ("", content.reason),
        ("", content.terms.training_declaration),
        ("", content.terms.mentions),
    )
    return [
        {"BT-22": text} | ({"BT-21": subject} if subject else {}) for subject, said in notes if (text := _text(said))
    ]


def _preceding(content: Content) -> list[dict[str, object]]:
    if content.credits is None:
        return []
    return [{"BT-25": content.credits.number, "BT-26": content.credits.issued_on}]


def _seller(seller: Seller) -> dict[str, Any]:
    return _given(
        {
            "identifiers": _given({_SIRET: seller.siret}),
            "legal_identifier": seller.siren,
            "legal_identifier_schemeid": _SIREN,
            "vat_identifier": seller.vat_number,
            "legal_info": _line(", ".join(part for part in (seller.legal_form, seller.register) if part)),
            "einvoicing_addr": seller.siren,
            "einvoicing_addr_schemeid": _DIRECTORY,
            "contacts": [{"name": _line(seller.name), "email": seller.email}] if seller.email else [],
            **_address(seller),
        }
    ) | {"name": _line(seller.name)}


def _buyer(buyer: Buyer) -> dict[str, Any]:
    contact = _given({"name": _line(buyer.contact), "email": buyer.email})
    known = _given(
        {"contacts": [contact] if contact else [], "vat_identifier": buyer.vat_number, **_address(buyer)}
    ) | {"name": _line(buyer.name)}
    if not buyer.siret:
        return known | {"einvoicing_addr": buyer.email, "einvoicing_addr_schemeid": _MAIL}
    return known | {
        "identifiers": {_SIRET: buyer.siret},
        "legal_identifier": buyer.siren,
        "legal_identifier_schemeid": _SIREN,
        "einvoicing_addr": _directory_address(buyer),
        "einvoicing_addr_schemeid": _DIRECTORY,
    }


def _delivered_to(place: Place | None) -> dict[str, Any]:
    """Return where goods go, if that is not where the invoice goes (BG-13)."""
    return {} if place is None else {"name": _line(place.name), **_address(place)}


def _directory_address(buyer: Buyer) -> str:
    """Return the line of the French directory: a company's SIREN, a public body's SIREN_SIRET with its service.

    The SIREN of the State and its bodies begins with 1, those of local government with 2. A service code that an
    address cannot hold stays in BT-10 alone.
    """
    if buyer.service_code and _ADDRESS_PART.fullmatch(buyer.service_code):
        return f"{buyer.siren}_{buyer.siret}_{buyer.service_code}"
    return f"{buyer.siren}_{buyer.siret}" if buyer.siren[:1] in {"1", "2"} or buyer.service_code else buyer.siren


def _address(party: Seller | Buyer | Place) -> dict[str, str]:
    """Return the postal address; the first three lines of the street are what the profile has room for."""
    streets = [street for street in map(_line, writable(party.street).split("\n")) if street]
    lines = [*streets[:2], " ".join(streets[2:])]
    return _given(
        {f"addr_l{number}": line for number, line in enumerate(lines, 1)}
        | {"postcode": _line(party.postcode), "city": _line(party.city), "country_code": "FR"}
    )


def _share(share: VatShare, content: Content) -> dict[str, str]:
    made = {
        "BT-116": _amount(share.net_cents),
        "BT-117": _amount(share.vat_cents),
        "BT-118": _category(share.rate),
        "BT-119": _rate(share.rate),
    }
    if share.rate:
        return made
    return made | _given(_exemption(content))


def _exemption(content: Content) -> dict[str, str]:
    """Return why no tax is due: all that is exempt makes one amount (BR-E-01), so several reasons are words alone."""
    said = content.exemptions
    reasons = " ; ".join(_line(reason) for reason, _code in said if reason)
    return {"BT-120": reasons, "BT-121": said[0][1] if len({code for _reason, code in said}) == 1 else ""}


def _invoice_line(number: int, line: Line) -> dict[str, Any]:
    return _given(
        {
            "BT-126": str(number),
            "BT-129": str(line.quantity),
            "BT-130": "C62",
            "BT-131": _amount(line.net_cents),
            "BT-146": f"{line.unit_net:.4f}",
            **_before_discount(line),
            "BT-151": _category(line.vat_rate),
            "BT-152": _rate(line.vat_rate),
            "BT-153": _line(line.label),
            "BT-154": _text(line.detail),
        }
    )


def _before_discount(line: Line) -> dict[str, Any]:
    """Return the unit price before the discount, and what is taken off it: together the price that is charged."""
    if not line.discount_cents:
        return {}
    return {
        "BT-148": f"{line.full_unit_net:.4f}",
        "BT-147-00": [{"BT-147": f"{line.full_unit_net - line.unit_net:.4f}"}],
    }


def _category(rate: int) -> str:
    """Return the category of VAT: standard, or exempt."""
    return "S" if rate else "E"


def _amount(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}"


def _rate(rate: int) -> str:
    return f"{Decimal(rate) / 100:.2f}"


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is not empty."""
    return {name: value for name, value in values.items() if value}


def _text(said: str) -> str:
    """Return a text that XML can hold."""
    return writable(said).strip()


def _line(said: str) -> str:
    """Return a text on one line."""
    return " ".join(writable(said).split())
