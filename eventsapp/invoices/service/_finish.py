"""Making the files of what was issued, outside of any transaction, and sending what is valid."""

import logging
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
from eventsapp.invoices.service._hold import hold_papers
from eventsapp.invoices.statuses import Check
from eventsapp.invoices.values import Content, content_from_json
from eventsapp.papers.errors import PaperFailed

#: Invoices made at a time: the validators start once for all of them.
BATCH = 20
#: How often it is tried, where the validators do not answer or something else fails, before the office is shown it.
ATTEMPTS = 5
#: Name of the rule that is broken when a file cannot be made at all.
NOT_MADE = "NOT-MADE"
#: The same, where something failed that may work the next time: the store of files, the mail.
FAILED = "FAILED"
_TRIED_AGAIN = frozenset({NO_ANSWER, FAILED})
#: What is kept of a failure's words.
_MOST_WORDS = 300

log = logging.getLogger(__name__)


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
    is kept with the rule's text for the accountant and never sent (BR-FR are fatal since 1 September 2026). One
    transaction an invoice: what fails with one is tried again, after the others, and stops none of them.
    """
    waiting = db.session.execute(
        sa.select(Invoice.id, Invoice.number, Invoice.content)
        .where(Invoice.check == Check.PENDING)
        .order_by(Invoice.attempts, Invoice.id)
        .limit(BATCH)
    ).all()
    db.session.rollback()
    contents: list[tuple[int, Content]] = []
    for invoice_id, number, content in waiting:
        try:
            contents.append((invoice_id, content_from_json(content)))
        except Exception as failure:
            log.exception("what invoice %s says cannot be read", number)
            _keep_failure(invoice_id, number, failure, now=now)
    finished = 0
    for made in _make(contents):
        try:
            with unit_of_work.transaction():
                finished += _keep(made, now=now)
        except Exception as failure:
            log.exception("invoice %s could not be finished", made.number)
            _keep_failure(made.invoice_id, made.number, failure, now=now)
    return finished


def _keep_failure(invoice_id: int, number: str, failure: Exception, *, now: datetime) -> None:
    """Count what failed once more; the accountants are told of the last time, if the mail is not what fails."""
    try:
        with unit_of_work.transaction():
            refused = _refuse(invoice_id, [_problem(failure)])
        if refused:
            with unit_of_work.transaction():
                mails.invoice_refused(_locked(invoice_id), now=now)
    except Exception:
        log.exception("the failure of invoice %s could not be kept or told", number)


def _refuse(invoice_id: int, problems: Sequence[Problem]) -> bool:
    """Keep what is wrong with a pending invoice; return whether it is refused now and somebody is to be told."""
    invoice = _pending(invoice_id)
    if invoice is None:
        return False
    invoice.problems = [[problem.rule, problem.text] for problem in problems]
    if any(problem.rule in _TRIED_AGAIN for problem in problems):
        invoice.attempts += 1
        if invoice.attempts < ATTEMPTS:
            return False
    invoice.check = Check.INVALID
    db.session.flush()
    return not invoice.is_test


def _problem(failure: Exception) -> Problem:
    if isinstance(failure, PaperFailed):
        return Problem(NOT_MADE, str(failure))
    return Problem(FAILED, f"{type(failure).__name__}: {failure}"[:_MOST_WORDS])


def _make(contents: Sequence[tuple[int, Content]]) -> list[Made]:
    """Make and check the files; one that cannot be made is told as a problem of its own and stops no other."""
    documents: dict[int, bytes] = {}
    broken: dict[int, Sequence[Problem]] = {}
    for invoice_id, content in contents:
        try:
            if papers.has_einvoice(content):
                documents[invoice_id] = papers.einvoice_xml(content)
        except Exception as failure:
            log.exception("the electronic invoice %s could not be made", content.number)
            broken[invoice_id] = [_problem(failure)]
    found = broken | dict(zip(documents, papers.problems(list(documents.values())), strict=True))
    return [
        _made(invoice_id, content, xml=documents.get(invoice_id), problems=found.get(invoice_id, ()))
        for invoice_id, content in contents
    ]


def _made(invoice_id: int, content: Content, *, xml: bytes | None, problems: Sequence[Problem]) -> Made:
    pdf = b""
    if not problems:
        try:
            pdf = papers.invoice_pdf(content, xml=xml)
        except Exception as failure:
            log.exception("the PDF of invoice %s could not be made", content.number)
            problems = [_problem(failure)]
    return Made(invoice_id=invoice_id, number=content.number, xml=xml or b"", pdf=pdf, problems=problems)


def _keep(made: Made, *, now: datetime) -> int:
    if made.problems:
        if _refuse(made.invoice_id, made.problems):
            mails.invoice_refused(_locked(made.invoice_id), now=now)
        return 0
    invoice = _pending(made.invoice_id)
    if invoice is None:
        return 0
    invoice.problems = []
    invoice.check = Check.VALID
    invoice.xml = made.xml.decode()
    invoice.pdf_id = files.store_paper(made.pdf, name=f"{made.number}.pdf", now=now).id
    _tell(invoice, now=now)
    return 1


def _pending(invoice_id: int) -> Invoice | None:
    """Return an invoice that nobody has finished yet, its order loaded; all of that order is kept from others."""
    hold_papers(db.session.scalars(sa.select(Invoice.order_id).where(Invoice.id == invoice_id)).one())
    return db.session.scalar(
        sa.select(Invoice)
        .where(Invoice.id == invoice_id, Invoice.check == Check.PENDING)
        .options(joinedload(Invoice.order))
        .execution_options(populate_existing=True)
    )


def _tell(invoice: Invoice, *, now: datetime) -> None:
    """Send what is ready; an invoice and the credit notes that it replaces go in one mail, with the last of them."""
    main = invoice
    if invoice.told_with_id is not None:
        db.session.flush()
        main = _locked(invoice.told_with_id)
    notes = db.session.scalars(
        sa.select(Invoice).where(Invoice.told_with_id == main.id, Invoice.sent_at.is_(None)).order_by(Invoice.id)
    ).all()
    if not notes:
        mails.invoice_ready(invoice, now=now)
        invoice.sent_at = now
    elif all(paper.check is Check.VALID for paper in (main, *notes)):
        mails.billed_anew(main, notes, now=now)
        for paper in (main, *notes):
            paper.sent_at = now


def _locked(invoice_id: int) -> Invoice:
    """Return an invoice as it stands, its order loaded; who finishes the other of a pair at once waits, and sees it."""
    return db.session.scalars(
        sa.select(Invoice)
        .where(Invoice.id == invoice_id)
        .options(joinedload(Invoice.order))
        .with_for_update(of=Invoice)
        .execution_options(populate_existing=True)
    ).one()
