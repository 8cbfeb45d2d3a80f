"""The PDF of an invoice, pro forma or not, a credit note or a quote: for people, and, with its XML, for machines."""

import io
from datetime import UTC, date, datetime, time
from decimal import Decimal
from xml.sax.saxutils import escape

from eventsapp.core import french, i18n
from eventsapp.core.money import VatShare
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.invoices.values import Buyer, Content, Line, Place, Seller
from eventsapp.papers import pdf
from eventsapp.papers.errors import PaperFailed
from eventsapp.papers.pdf import Attachment

#: The name that Factur-X prescribes for the file inside.
XML_NAME = "factur-x.xml"
_CENT = Decimal("0.01")
_FACTURX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
#: What the PDF says of the file inside; PDF/A wants each property described.
_PROPERTIES = (
    ("DocumentFileName", XML_NAME, "The name of the embedded XML document"),
    ("DocumentType", "INVOICE", "The type of the hybrid document"),
    ("Version", "1.0", "The version of the standard that the XML document follows"),
    ("ConformanceLevel", "EN 16931", "The conformance level of the XML document"),
)
#: Where Typst's own metadata end: the list of described schemas, and the whole.
_SCHEMAS_END, _METADATA_END = "</rdf:Bag></pdfaExtension:schemas>", "</rdf:RDF>"


def invoice_pdf(content: Content, *, xml: bytes | None = None, portal: bool = False) -> bytes:
    """Return the invoice or credit note as PDF/A-3a and PDF/UA-1, in the language of ``content``.

    With ``xml`` (what ``einvoice_xml`` made) it is a Factur-X: the XML comes out of it byte for byte. ``portal`` is
    for a portal that reads the picture of the page: black on white only. The same content gives the same bytes.
    Raises ``PaperFailed``.
    """
    with i18n.speaking(content.language):
        data = _shared(content, kind=content.kind.value, portal=portal)
        data |= {
            "facts": _facts(content),
            "totals": _totals(content),
            "payment": _payment(content),
            "reason": french.typeset(content.reason),
        }
        title = f"{_title(content)} {content.number}"
        paper = pdf.render(
            "invoices/invoice",
            data,
            title=title,
            language=content.language,
            dated=_at_noon(content.issued_on),
            attachments=[_attachment(xml)] if xml else [],
        )
    return _declared(paper) if xml else paper


def quote_pdf(content: Content, *, valid_until: date, portal: bool = False) -> bytes:
    """Return a quote as PDF: ``content`` with the quote's reference for a number; it holds until ``valid_until``.

    What only an invoice has is not printed: payments, due date, credited invoice. Raises ``PaperFailed``.
    """
    with i18n.speaking(content.language):
        data = _shared(content, kind="quote", portal=portal)
        data |= {
            "facts": _facts(content, valid_until=valid_until),
            "totals": _sums(content),
            "commitment": content.buyer.commitment_number,
            "by": content.payment_label,
        }
        title = f"{i18n.choose('Devis', 'Quote')} {content.number}"
        return pdf.render(
            "invoices/quote", data, title=title, language=content.language, dated=_at_noon(content.issued_on)
        )


def proforma_pdf(content: Content) -> bytes:
    """Return a pro forma invoice as PDF; the number of ``content`` is the order's reference. Raises ``PaperFailed``."""
    with i18n.speaking(content.language):
        data = _shared(content, kind="proforma", portal=False)
        facts = [("issued_proforma", i18n.date_long(content.issued_on)), *_facts(content)[1:]]
        data |= {"facts": facts, "totals": _totals(content), "payment": _payment(content)}
        title = f"{i18n.choose('Facture pro forma', 'Pro forma invoice')} {content.number}"
        return pdf.render(
            "invoices/proforma", data, title=title, language=content.language, dated=_at_noon(content.issued_on)
        )


def _shared(content: Content, *, kind: str, portal: bool) -> dict[str, object]:
    """Return what the papers have in common, in the language spoken."""
    seller = content.seller
    foot = (seller.name, seller.legal_form, seller.register, f"SIRET {french.siret(seller.siret)}")
    return {
        "portal": portal,
        "document": {"kind": kind, "number": content.number, "issued": i18n.date_long(content.issued_on)},
        "seller": _seller(seller),
        "buyer": _buyer(content.buyer),
        "delivered": _delivered_to(content),
        "lines": [_line(line) for line in content.lines],
        "shares": [_share(share) for share in content.shares],
        "mentions": _mentions(content),
        "debits": content.terms.vat_on_debits,
        "foot": ", ".join(part for part in foot if part),
    }


def _facts(content: Content, *, valid_until: date | None = None) -> list[tuple[str, str]]:
    """Return the dates and references, each under the name that the template knows."""
    issued = "issued_quote" if valid_until else _by_kind(content, "issued", "issued_credit_note")
    origin = content.credits
    facts = [
        (issued, i18n.date_long(content.issued_on)),
        ("valid", i18n.date_long(valid_until) if valid_until else ""),
        ("supplied", _period(content.supplied_from, content.supplied_to)),
        ("due", i18n.date_long(content.due_on) if content.due_on and not (valid_until or origin) else ""),
        ("credited", _dated(origin.number, origin.issued_on) if origin else ""),
        ("order", content.order_reference),
        ("purchase_order", content.buyer.purchase_order),
        ("commitment", content.buyer.commitment_number),
        ("service", content.buyer.service_code),
        ("nature", content.nature.value),
    ]
    return [(key, value) for key, value in facts if value]


def _totals(content: Content) -> list[tuple[str, str]]:
    totals = _sums(content)
    if content.paid_cents:
        totals.append((_by_kind(content, "paid", "repaid"), i18n.money(content.paid_cents)))
    left = _by_kind(content, "nothing_left" if content.is_paid else "left", "credit")
    return [*totals, (left, i18n.money(content.due_cents))]


def _sums(content: Content) -> list[tuple[str, str]]:
    return [
        ("total_net", i18n.money(content.net_cents)),
        ("total_vat", i18n.money(content.vat_cents)),
        ("total", i18n.money(content.total_cents)),
    ]


def _payment(content: Content) -> dict[str, object]:
    """Return how it is paid, or that it was; of a credit note there is nothing to pay."""
    is_invoice = content.kind is DocumentKind.INVOICE
    return {
        "settled": is_invoice and content.is_paid,
        "settled_on": i18n.date_long(content.paid_on) if content.paid_on else "",
        "open": is_invoice and content.due_cents > 0,
        "due": i18n.date_long(content.due_on) if content.due_on else "",
        "by": content.payment_label,
        "recall": _recall(content),
        "iban": _grouped(content.seller.iban),
        "bic": content.seller.bic,
        "holder": content.seller.name if content.seller.iban else "",
    }


def _recall(content: Content) -> str:
    """Return the number by which a payment is found; the page of the order says the same two."""
    if content.number == content.order_reference:
        return content.number
    return i18n.choose(
        f"{content.number} ou {content.order_reference}", f"{content.number} or {content.order_reference}"
    )


def _mentions(content: Content) -> list[str]:
    """Return the sentences at the foot; of a credit note nothing is paid late, or early.

    The electronic one has them all the same: BR-FR-05 wants them of any type.
    """
    terms = content.terms
    payable = content.kind is DocumentKind.INVOICE
    said = (
        *(reason for reason, _code in content.exemptions),
        *((terms.early_payment, terms.late_penalty, terms.recovery_fee) if payable else ()),
        terms.training_declaration,
        *terms.mentions.splitlines(),
    )
    return [
        french.typeset(sentence).replace("art. ", f"art.{french.NO_BREAK}") for sentence in said if sentence.strip()
    ]


def _seller(seller: Seller) -> dict[str, object]:
    return {
        "name": seller.name,
        "address": _address(seller),
        "legal": [line for line in (seller.legal_form, seller.register) if line],
        "siret": french.siret(seller.siret),
        "vat_number": seller.vat_number,
        "email": seller.email,
    }


def _buyer(buyer: Buyer) -> dict[str, object]:
    return {
        "name": buyer.name,
        "contact": buyer.contact if buyer.contact != buyer.name else "",
        "address": _address(buyer),
        "siren": french.siret(buyer.siren),
        "siret": french.siret(buyer.siret),
        "service_code": buyer.service_code,
        "vat_number": buyer.vat_number,
        "email": buyer.email,
    }


def _delivered_to(content: Content) -> list[str]:
    place = content.delivered_to
    return [] if place is None else [place.name, *_address(place)]


def _address(party: Seller | Buyer | Place) -> list[str]:
    town = f"{party.postcode} {party.city}".strip()
    return [line for line in (*party.street.splitlines(), town) if line.strip()]


def _line(line: Line) -> dict[str, str]:
    return {
        "label": french.typeset(line.label),
        "detail": french.typeset(line.detail),
        "discount": _discount(line),
        "quantity": i18n.number(line.quantity),
        "unit_net": _price(line.unit_net),
        "vat_rate": i18n.vat_rate(line.vat_rate),
        "net": i18n.money(line.net_cents),
    }


def _discount(line: Line) -> str:
    """Return the price before the discount and the discount, both before tax, as all that stands beside them."""
    if not line.discount_cents:
        return ""
    before, off = _price(line.full_unit_net), i18n.money(line.discount_net_cents)
    return i18n.choose(
        f"Prix unitaire HT avant remise{french.NO_BREAK}: {before}. Remise HT déduite{french.NO_BREAK}: {off}.",
        f"Unit price before discount, excl. VAT: {before}. Discount deducted, excl. VAT: {off}.",
    )


def _share(share: VatShare) -> list[str]:
    return [i18n.vat_rate(share.rate), i18n.money(share.net_cents), i18n.money(share.vat_cents)]


def _price(euros: Decimal) -> str:
    """Return a unit price: to the cent where it is whole cents, else with its four decimals."""
    decimals = 2 if euros == euros.quantize(_CENT) else 4
    whole, _, rest = f"{euros:.{decimals}f}".partition(".")
    return i18n.choose(f"{french.grouped(int(whole))},{rest}{french.NO_BREAK}€", f"€{int(whole):,}.{rest}")


def _period(first: date | None, last: date | None) -> str:
    if first is None or last is None or first == last:
        only = first or last
        return i18n.date_long(only) if only else ""
    start, end = i18n.date_long(first), i18n.date_long(last)
    return i18n.choose(f"du {start} au {end}", f"{start} to {end}")


def _dated(number: str, issued_on: date) -> str:
    when = i18n.date_long(issued_on).replace(" ", french.NO_BREAK)
    return i18n.choose(f"{number} du{french.NO_BREAK}{when}", f"{number} of{french.NO_BREAK}{when}")


def _title(content: Content) -> str:
    return _by_kind(content, i18n.choose("Facture", "Invoice"), i18n.choose("Avoir", "Credit note"))


def _by_kind(content: Content, of_invoice: str, of_credit_note: str) -> str:
    return of_invoice if content.kind is DocumentKind.INVOICE else of_credit_note


def _grouped(iban: str) -> str:
    plain = "".join(iban.split())
    return french.NO_BREAK.join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _at_noon(day: date) -> datetime:
    """Return a time of the day that is the same day in every part of France."""
    return datetime.combine(day, time(12), tzinfo=UTC)


def _attachment(xml: bytes) -> Attachment:
    return Attachment(
        name=XML_NAME,
        text=xml.decode(),
        mime="application/xml",
        description="Factur-X, EN 16931",
        relationship="alternative",
    )


def _declared(paper: bytes) -> bytes:
    """Return the PDF with the metadata by which a reader of Factur-X finds the XML; its tags stay as they are."""
    import pikepdf  # noqa: PLC0415 - 0.1 s, for the worker and not for the web server's start

    with pikepdf.open(io.BytesIO(paper)) as document:
        said = document.Root.Metadata.read_bytes().decode()
        if _SCHEMAS_END not in said or _METADATA_END not in said:
            raise PaperFailed("invoices/invoice: Typst writes its metadata in another way than before")
        said = said.replace(_SCHEMAS_END, f"{_schema()}{_SCHEMAS_END}", 1)
        said = said.replace(_METADATA_END, f"{_description()}{_METADATA_END}", 1)
        document.Root.Metadata.write(said.encode())
        out = io.BytesIO()
        document.save(out, fix_metadata_version=False, deterministic_id=True)
    return out.getvalue()


def _schema() -> str:
    properties = "".join(
        '<rdf:li rdf:parseType="Resource">'
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{escape(meaning)}</pdfaProperty:description>"
        f"<pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>"
        for name, _value, meaning in _PROPERTIES
    )
    return (
        '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{_FACTURX}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )


def _description() -> str:
    values = "".join(f"<fx:{name}>{escape(value)}</fx:{name}>" for name, value, _meaning in _PROPERTIES)
    return f'<rdf:Description rdf:about="" xmlns:fx="{_FACTURX}">{values}</rdf:Description>'
