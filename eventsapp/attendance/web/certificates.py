"""Certificates for whoever has a link: the page that says whether one counts, and the papers of who came."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from eventsapp.attendance import papers, queries, rules
from eventsapp.attendance.models import Certificate
from eventsapp.core import clock, limits
from eventsapp.core.security_headers import private
from eventsapp.orders import queries as orders
from eventsapp.registrations import queries as registrations

blueprint = Blueprint("certificates", __name__)


@blueprint.get("/attestations/<code>/")
@limits.limiter.limit(limits.SEARCH)
def verify(code: str) -> ResponseReturnValue:
    """Say whose certificate it is, of which day, and whether it counts; nothing else."""
    found = queries.certificate_for_link(code) or abort(404)
    page = render_template(
        "attendance/certificate.html",
        certificate=found,
        day=found.study_day,
        duration=rules.hours_in_words(found.minutes) if found.minutes else "",
    )
    return private(make_response(page))


@blueprint.get("/inscriptions/<secret>/attestation.pdf")
def of_seat(secret: str) -> ResponseReturnValue:
    """Give one's own certificate, once there is one that counts."""
    seat = registrations.seat_for_link(secret) or abort(404)
    found = queries.standing_certificate(seat.id) or abort(404)
    return _pdf([found], filename=f"attestation-{found.study_day.slug}.pdf")


@blueprint.get("/inscriptions/<secret>/convocation.pdf")
def convocation(secret: str) -> ResponseReturnValue:
    """Give the letter that calls whoever has the seat, while the day is to come."""
    seat = registrations.seat_for_link(secret) or abort(404)
    if not (seat.has_ticket and seat.is_named and seat.study_day.ends_at > clock.now()):
        abort(404)
    paper = papers.convocations_pdf(
        queries.day_with_programme(seat.study_day_id),
        [seat],
        wording=queries.wording(),
        declaration=queries.training_declaration() if queries.training_nature(seat.study_day_id) is not None else "",
        now=clock.now(),
    )
    return answer(paper, filename=f"convocation-{seat.study_day.slug}.pdf")


@blueprint.get("/commandes/<reference>/<secret>/attestations.pdf")
def of_order(reference: str, secret: str) -> ResponseReturnValue:
    """Give the certificates of everybody of an order who came, in one file."""
    order = orders.order_for_link(reference, secret) or abort(404)
    found = queries.certificates_of_order(order.id) or abort(404)
    return _pdf(found, filename=f"attestations-{order.reference}.pdf")


def _pdf(found: Sequence[Certificate], *, filename: str) -> Response:
    declaration = queries.training_declaration() if any(one.is_training for one in found) else ""
    return answer(papers.certificates_pdf(found, wording=queries.wording(), declaration=declaration), filename=filename)


def answer(paper: bytes, *, filename: str) -> Response:
    """Return a PDF that is shown, and kept by nobody on the way."""
    response = make_response(paper)
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return private(response)
