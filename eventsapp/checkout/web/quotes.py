"""A quote for whoever has its link: what it promises, its PDF, and the button that orders it."""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventsapp.checkout import service as checkout
from eventsapp.checkout.web import ordering
from eventsapp.checkout.web.quote_forms import QuoteForm
from eventsapp.core import clock, limits
from eventsapp.core.errors import Refusal
from eventsapp.core.i18n import locale_code
from eventsapp.core.security_headers import private
from eventsapp.invoices import papers, queries
from eventsapp.invoices.models import QuoteRecord
from eventsapp.payments import queries as payments

blueprint = Blueprint("quotes", __name__, url_prefix="/devis/<reference>/<secret>")


@blueprint.get("/")
def quote(reference: str, secret: str) -> ResponseReturnValue:
    """Show what is promised, until when, and how to order it."""
    found = _found(reference, secret)
    form = QuoteForm(
        service_code=found.request["billing"]["service_code"],
        commitment_number=found.request["billing"]["commitment_number"],
    )
    return private(make_response(_page(found, form)))


@blueprint.get("/devis.pdf")
def pdf(reference: str, secret: str) -> ResponseReturnValue:
    """Give the quote as PDF."""
    return private(paper(_found(reference, secret)))


@blueprint.post("/")
@limits.limiter.limit(limits.ORDER)
def order(reference: str, secret: str) -> ResponseReturnValue:
    """Turn the quote into the order that it promised; a second time leads to the same order."""
    found = _found(reference, secret)
    form = QuoteForm()
    if not form.validate_on_submit():
        return private(make_response(_page(found, form), 422))
    try:
        placed, is_new = checkout.order_quote(
            found.id,
            service_code=form.service_code.data or "",
            commitment_number=form.commitment_number.data or "",
            locale=locale_code(),
            now=clock.now(),
        )
        if is_new and checkout.is_paid_online(placed):
            ordering.pay_by_card(placed)
    except Refusal as refusal:
        form.show_refusal(refusal)
        return private(make_response(_page(found, form), refusal.status))
    return redirect(ordering.address_of(placed), 303)


def paper(found: QuoteRecord) -> Response:
    """Return the quote's PDF as an answer; the same bytes each time, so none is kept."""
    content = queries.quote_content(found)
    response = make_response(papers.quote_pdf(content, valid_until=found.valid_until))
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{found.reference}.pdf"'
    return response


def _found(reference: str, secret: str) -> QuoteRecord:
    return queries.quote_for_link(reference, secret) or abort(404)


def _page(found: QuoteRecord, form: QuoteForm) -> str:
    method = payments.method(found.payment_method)
    form.offer(method)
    today = clock.local_date(clock.now())
    return render_template(
        "checkout/quote.html",
        quote=found,
        content=queries.quote_content(found),
        state=found.state(today),
        method=method,
        form=form,
        order_url=ordering.address_of(found.order) if found.order else "",
        pdf_url=url_for(".pdf", reference=found.reference, secret=found.secret),
    )
