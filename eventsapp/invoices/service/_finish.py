"""Making the files of what was issued, outside of any transaction, and sending what is valid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.files import service as files
from eventsapp.invoices import mails, papers
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.papers import NO_ANSWER, Problem
from eventsapp.invoices.statuses import Check
from eventsapp.invoices.values import Content, content_from_json

#: Invoices made at a time: the validators start once for all of them.
BATCH = 20
#: How often the validators are asked before the office is shown that they do not answer.
ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The files of one invoice, and what is wrong with them."""

    invoice_id: int
    number: str
    xml: bytes
    pdf: bytes
    problems: Sequence[Problem]


def finish_due(*, now: datetime) -> int:
    """Make, check and send the invoices whose files are missing; return how many are ready.

    Runs twice or after a crash without harm: an invoice is finished by whoever marks it first. One that breaks a rule
    is kept with the rule's text for the accountant and never sent (BR-FR are fatal since 1 September 2026).
    """
    waiting = db.session.execute(
        sa.select(Invoice.id, Invoice.content).where(Invoice.check == Check.PENDING).order_by(Invoice.id).limit(BATCH)
    ).all()
    contents = [(invoice_id, content_from_json(content)) for invoice_id, content in waiting]
    db.session.rollback()
    finished = 0
    for made in _make(contents):
        with unit_of_work.transaction():
            finished += _keep(made, now=now)
    return finished


def _make(contents: Sequence[tuple[int, Content]]) -> list[Made]:
    documents = {
        invoice_id: papers.einvoice_xml(content) for invoice_id, content in contents if papers.has_einvoice(content)
    }
    found = dict(zip(documents, papers.problems(list(documents.values())), strict=True)) if documents else {}
    return [
        Made(
            invoice_id=invoice_id,
            number=content.number,
            xml=documents.get(invoice_id, b""),
            pdf=papers.invoice_pdf(content, xml=documents.get(invoice_id)),
            problems=found.get(invoice_id, ()),
        )
        for invoice_id, content in contents
    ]


def _keep(made: Made, *, now: datetime) -> int:
    invoice = db.session.scalar(
        sa.select(Invoice)
        .where(Invoice.id == made.invoice_id, Invoice.check == Check.PENDING)
        .options(joinedload(Invoice.order))
        .with_for_update(of=Invoice)
    )
    if invoice is None:
        return 0
    invoice.problems = [[problem.rule, problem.text] for problem in made.problems]
    if any(problem.rule == NO_ANSWER for problem in made.problems):
        invoice.attempts += 1
        if invoice.attempts < ATTEMPTS:
            return 0
    if made.problems:
        invoice.check = Check.INVALID
        return 0
    invoice.check = Check.VALID
    invoice.xml = made.xml.decode()
    invoice.pdf_id = files.store_paper(made.pdf, name=f"{made.number}.pdf", now=now).id
    mails.invoice_ready(invoice, now=now)
    invoice.sent_at = now
    return 1
