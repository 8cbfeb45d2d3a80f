"""The payment page, the bank's challenge, and what they say once a session is closed."""

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsapp.demo.sandbox import checkout
from eventsapp.demo.sandbox.cards import TEST_CARDS, read_card
from eventsapp.demo.sandbox.errors import SessionClosedError
from eventsapp.demo.sandbox.rules import is_email
from eventsapp.demo.sandbox.sandbox import Sandbox
from eventsapp.demo.sandbox.store import Thing

_SYMBOLS = {"eur": "€", "usd": "$", "gbp": "£", "chf": "CHF"}
#: What a test card is filled in with.
_FILLED_IN = {"expiry": "12 / 34", "cvc": "123", "holder": "Camille Essai"}


def price(cents: int, currency: str) -> str:
    """Return an amount in French writing, its spaces unbreakable: ``1 290,00 €``."""
    return f"{cents // 100:,}".replace(",", "\u00a0") + f",{cents % 100:02d}\u00a0{_SYMBOLS[currency]}"


def moment(timestamp: float) -> str:
    """Return date and hour in the machine's own time zone."""
    return datetime.fromtimestamp(timestamp, UTC).astimezone().strftime("%d/%m/%Y %H:%M:%S")


def duration(seconds: int) -> str:
    """Return a length of time in whole minutes: ``24 h 00``, ``29 min``."""
    hours, minutes = divmod(max(0, seconds) // 60, 60)
    return f"{hours}\u00a0h\u00a0{minutes:02d}" if hours else f"{minutes}\u00a0min"


def create_blueprint(sandbox: Sandbox) -> Blueprint:
    """Return the pages below ``/c/pay/``, where sessions have their ``url``."""
    blueprint = Blueprint("pages", __name__, url_prefix="/c/pay")

    @blueprint.route("/<session_id>", methods=["GET", "POST"])
    def payment(session_id: str) -> ResponseReturnValue:
        """Show the form of an open session, and try to pay with it."""
        session = sandbox.store.find("checkout.session", session_id)
        if session is None or session["status"] != "open":
            return _closed(session)
        if request.method == "GET":
            values = {"email": session["customer_email"] or ""}
            if card := next((card for card in TEST_CARDS if card.number == request.args.get("carte")), None):
                values |= _FILLED_IN | {"number": card.spaced}
            return _form(sandbox, session, values=values, refusal=_last_refusal(sandbox, session))
        return _pay(sandbox, session)

    @blueprint.route("/<session_id>/authentification", methods=["GET", "POST"])
    def challenge(session_id: str) -> ResponseReturnValue:
        """Show the bank's question, and take the answer of either button."""
        session = sandbox.store.find("checkout.session", session_id)
        if session is None or session["status"] != "open":
            return _closed(session)
        intent = checkout.attempt_of(sandbox, session)
        if not intent or intent["status"] != "requires_action":
            return redirect(url_for(".payment", session_id=session_id), 303)
        if request.method == "GET":
            page = render_template("challenge.html", session=session, last4=intent["_buyer"]["number"][-4:])
            return _guarded(page, session)
        try:
            intent = checkout.answer_challenge(sandbox, session_id, accepted=request.form.get("answer") == "accept")
        except SessionClosedError:
            return _closed(sandbox.store.find("checkout.session", session_id))
        return _after(session, intent)

    return blueprint


def _pay(sandbox: Sandbox, session: Thing) -> ResponseReturnValue:
    values = {name: request.form.get(name, "").strip() for name in ("email", "number", "expiry", "cvc", "holder")}
    if session["customer_email"]:
        values["email"] = session["customer_email"]
    today = date.fromtimestamp(sandbox.clock.now())  # noqa: DTZ012 - a card expires by the calendar on the wall
    typed, errors = read_card(values, today=today)
    if not is_email(values["email"]):
        errors["email"] = "L’adresse électronique est incomplète : elle s’écrit nom@domaine.fr."
    if not values["holder"]:
        errors["holder"] = "Indiquez le nom inscrit sur la carte."
    if errors or typed is None:
        return _form(sandbox, session, values=values, errors=errors, status=422)
    buyer = checkout.Buyer(email=values["email"], holder=values["holder"], typed=typed)
    try:
        intent = checkout.pay(sandbox, session["id"], buyer)
    except SessionClosedError:
        return _closed(sandbox.store.find("checkout.session", session["id"]))
    if intent["status"] == "requires_payment_method":
        refusal = checkout.refusal_of(intent)
        # A declined card is typed again, or another one: its number and cryptogram are not shown back.
        return _form(
            sandbox, session, values=values | {"number": "", "expiry": "", "cvc": ""}, refusal=refusal, status=402
        )
    return _after(session, intent)


def _after(session: Thing, intent: Thing) -> ResponseReturnValue:
    if intent["status"] == "succeeded":
        return redirect(_success_url(session), 303)
    page = ".challenge" if intent["status"] == "requires_action" else ".payment"
    return redirect(url_for(page, session_id=session["id"]), 303)


def _form(
    sandbox: Sandbox,
    session: Thing,
    *,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    refusal: str | None = None,
    status: int = 200,
) -> Response:
    page = render_template(
        "payment.html",
        session=session,
        items=session["_line_items"],
        values=values,
        errors=errors or {},
        refusal=refusal,
        cards=TEST_CARDS,
        time_left=duration(session["expires_at"] - sandbox.clock.now()),
    )
    response = _guarded(page, session)
    response.status_code = status
    return response


def _last_refusal(sandbox: Sandbox, session: Thing) -> str | None:
    intent = checkout.attempt_of(sandbox, session)
    return checkout.refusal_of(intent) if intent else None


def _closed(session: Thing | None) -> ResponseReturnValue:
    """Say that there is nothing to pay here; whoever pays twice is led on as after the first time."""
    if session is None:
        return render_template("closed.html", session=None, back=None), 404
    if session["status"] == "complete":
        if request.method == "POST":
            return redirect(_success_url(session), 303)
        return render_template("closed.html", session=session, back=_success_url(session)), 200
    return render_template("closed.html", session=session, back=session["cancel_url"]), 410


def _success_url(session: Thing) -> str:
    url: str = session["success_url"]
    return url.replace("{CHECKOUT_SESSION_ID}", session["id"])


def _guarded(page: str, session: Thing) -> Response:
    """Return the page, allowed to lead to the seller's site once its form is sent."""
    target = urlsplit(session["success_url"])
    response = make_response(page)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none';"
        f" form-action 'self' {target.scheme}://{target.netloc}"
    )
    return response
