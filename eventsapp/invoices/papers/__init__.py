"""What invoices, credit notes and quotes are sent as: a PDF, electronic invoices, and what validators say of them."""

from eventsapp.invoices.papers._pdf import XML_NAME, invoice_pdf, proforma_pdf, quote_pdf
from eventsapp.invoices.papers._validation import NO_ANSWER, Problem, problems
from eventsapp.invoices.papers._xml import Channel, einvoice_xml, has_einvoice

__all__ = [
    "NO_ANSWER",
    "XML_NAME",
    "Channel",
    "Problem",
    "einvoice_xml",
    "has_einvoice",
    "invoice_pdf",
    "problems",
    "proforma_pdf",
    "quote_pdf",
]
