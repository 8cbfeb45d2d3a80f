"""What a phone at the door asks for: the list that it keeps, what it hands over, and what makes it work offline."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from flask_wtf.csrf import generate_csrf

from eventsapp.accounts.access import Permission, requires
from eventsapp.attendance import queries, rules
from eventsapp.attendance import service as attendance
from eventsapp.attendance.statuses import CheckInKind, Outcome
from eventsapp.attendance.values import Answer, Scan
from eventsapp.attendance.web import door, opening
from eventsapp.core import clock, error_pages, static_files
from eventsapp.core.errors import Invalid, Refusal
from eventsapp.core.i18n import locale_code
from eventsapp.core.references import LARGEST_KEY
from eventsapp.core.texts import from_address
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay

blueprint = Blueprint("door_phone", __name__, url_prefix="/organisation/journees/<slug>/accueil")

#: How long after the end of the day a phone still knows its people.
_FORGET_AFTER = timedelta(hours=12)
#: What is handed over at once, in bytes.
_MOST_BYTES = 512 * 1024


@blueprint.get("/liste.json")
@requires(Permission.CHECK_INS)
def tickets(slug: str) -> ResponseReturnValue:
    """Give what a phone needs without the network: names, rates and who came; of tickets only a fingerprint.

    A phone asks again and again: one that has the list as it is now is told so, and nothing else.
    """
    day = opening.open_day(slug, handing_over=True)
    zone = day.local_start.tzinfo
    on = queries.date_at(day, clock.now())
    version = fingerprint(f"{queries.tickets_version(day.id, on=on)} {on} {day.ends_at} {zone} {locale_code()}")
    if request.if_none_match.contains_weak(version):
        unchanged = make_response("", 304)
        unchanged.set_etag(version)
        return unchanged
    arrived = door.arrived(day, on=on)
    response = jsonify(
        {
            "day": day.slug,
            "until": (day.ends_at + _FORGET_AFTER).isoformat(),
            "csrf": generate_csrf(),
            "version": version,
            "counts": {"arrived": arrived["counts"].arrived, "expected": arrived["counts"].expected},
            "curve": render_template("attendance/_curve.html", **arrived),
            "tickets": [
                {
                    "id": seat.id,
                    "hash": fingerprint(seat.ticket_code),
                    "name": seat.name,
                    "payer": seat.order_line.order.billed_to,
                    "order": seat.order_line.order_id,
                    "rate": seat.rate.local_name,
                    "absent": seat.status is RegistrationStatus.ABSENT,
                    "at": came.at.astimezone(zone).isoformat() if came else None,
                    "entry": f"{rules.ENTRY}{came.id}" if came and came.kind is CheckInKind.IN else None,
                }
                for seat, came in queries.tickets(day.id, on=on)
            ],
        }
    )
    response.set_etag(version)
    return response


@blueprint.post("/passages")
@requires(Permission.CHECK_INS)
def hand_over(slug: str) -> ResponseReturnValue:
    """Take what a phone scanned, now or while it was offline; each has its answer, a refused request its reason."""
    day = opening.open_day(slug, handing_over=True)
    request.max_content_length = _MOST_BYTES
    try:
        answers = attendance.check_in_all(_scans(request.get_data()), day=day, by=current_user, now=clock.now())
    except Refusal as refusal:
        return error_pages.refused(refusal)
    return jsonify({"results": [_result(answer) for answer in answers], "counts": _counts(day)})


@blueprint.post("/absences")
@requires(Permission.CHECK_INS)
def absence(slug: str) -> ResponseReturnValue:
    """Take back that somebody was noted as absent, or note it again, as ``{"seat": key, "absent": false}`` says."""
    day = opening.open_day(slug, handing_over=True)
    sent = _asked()
    key = sent.get("seat")
    if type(key) is not int or not 0 < key <= LARGEST_KEY:
        raise Invalid(_("Cette demande ne se lit pas."))
    seat = queries.seat(key, day_id=day.id) or abort(404)
    told = door.note_absence(day, seat, absent=sent.get("absent") is True)
    return jsonify({"told": told})


@blueprint.get("/hors-ligne/")
@requires(Permission.CHECK_INS)
def offline_page(slug: str) -> ResponseReturnValue:
    """Give the page that a phone opens without the network: nobody is on it."""
    return door.shell(opening.open_day(slug))


@blueprint.get("/hors-ligne.js")
@requires(Permission.CHECK_INS)
def worker(slug: str) -> ResponseReturnValue:
    """Give the script that answers for the site while the phone is offline; it rules over this door alone."""
    opening.open_day(slug, handing_over=True)
    response: Response = make_response((static_files.FOLDER / "js" / "door" / "worker.js").read_text(encoding="utf-8"))
    response.mimetype = "text/javascript"
    return response


def fingerprint(code: str) -> str:
    """Return what a phone recognises a ticket by, and cannot print one from."""
    return hashlib.sha256(code.encode()).hexdigest()


def _counts(day: StudyDay) -> dict[str, int]:
    counts = queries.counts_on(day.id, queries.date_at(day, clock.now()))
    return {"arrived": counts.arrived, "expected": counts.expected}


def _asked() -> dict[str, Any]:
    """Return the body; raise ``Invalid`` for what no phone of ours sends."""
    try:
        sent = request.get_json(silent=True)
    except RecursionError:
        sent = None
    if not isinstance(sent, dict):
        raise Invalid(_("Cette demande ne se lit pas."))
    return sent


def _scans(body: bytes) -> list[Scan]:
    """Return the scans of a body; raise ``Invalid`` for what no phone of ours sends."""
    try:
        sent = json.loads(body)
        found = [_scan(each) for each in sent["scans"]]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Invalid(_("Ces passages ne se lisent pas.")) from error
    if not 1 <= len(found) <= rules.MOST_AT_ONCE:
        raise Invalid(_("De 1 à 500 passages à la fois."))
    return found


def _scan(sent: Any) -> Scan:
    if not isinstance(sent, dict):
        raise TypeError
    seat, code, at, key = sent.get("seat"), sent.get("code", ""), sent["at"], sent["key"]
    if not _is_key(key) or key.startswith((rules.WALK_IN, rules.ENTRY)):
        raise TypeError
    if seat is not None and (type(seat) is not int or not 0 < seat <= LARGEST_KEY):
        raise TypeError
    undoes = sent.get("undo")
    if undoes is not None and (not _is_key(undoes) or seat is None):
        raise TypeError
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None or not 2000 < moment.year < 2200:
        raise ValueError
    return Scan(
        code=from_address(str(code), longest=rules.LONGEST_SCAN),
        registration_id=seat,
        at=moment,
        device=from_address(str(sent.get("device", "")), longest=rules.DEVICE_LENGTH),
        key=key,
        undoes=undoes,
    )


def _is_key(sent: Any) -> bool:
    return isinstance(sent, str) and 1 <= len(sent) <= rules.KEY_LENGTH and sent.isascii() and sent.isprintable()


def _result(answer: Answer) -> dict[str, Any]:
    refusal = attendance.refusal(answer, names_day=True)
    at = answer.at if answer.outcome is Outcome.ADMITTED else answer.first_at
    return {
        "key": answer.key,
        "outcome": answer.outcome.value,
        "seat": answer.registration_id,
        "name": answer.name,
        "rate": answer.rate,
        "payer": answer.booked_by,
        "title": str(refusal.title) if refusal else "",
        "detail": refusal.message if refusal else "",
        "at": at.isoformat() if at else None,
        "others": [{"id": seat.registration_id, "name": seat.name} for seat in answer.others],
    }
