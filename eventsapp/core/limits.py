"""How often one address may ask for what costs or can be abused."""

from collections.abc import Callable
from typing import ParamSpec

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from eventsapp.core.settings import Settings

P = ParamSpec("P")

#: Limits are stated at the views, with ``limiter.limit(...)``; there is no limit on reading pages.
limiter = Limiter(key_func=get_remote_address, headers_enabled=True)

ORDER = "30 per minute; 300 per hour"
SIGN_IN = "10 per minute; 50 per hour"
RESEND = "5 per minute; 20 per hour"
#: Guesses at one person's password or code, or mails to them, whatever the machines they are asked from.
GUESSES = "20 per hour"
#: Mails to the colleagues of one team: twenty seats, each invited and reminded.
INVITE = "30 per minute; 100 per hour"
#: Mails that ask one address whether it wants the newsletter.
LETTER = "5 per day"
SHARE = "5 per hour"
COMMENT = "5 per 10 minutes"
SEARCH = "60 per minute"
#: Pages that somebody reads, a few seconds each.
READING = "30 per minute"
#: Readings of one article that one machine may tell of.
READING_OF_ONE = "12 per hour"
#: What programs read; answers that are kept for everybody do not count.
API = "600 per minute"
#: The answers that say when to ask again.
_COME_BACK_LATER = frozenset({429, 503})


def init_app(app: Flask, *, settings: Settings) -> None:
    """Count in Redis when there is one, else in the process."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    app.config["RATELIMIT_STRATEGY"] = "moving-window"
    # Redis away: the limits fall back to counting in the process rather than refusing everybody.
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = bool(settings.redis_url)

    # Stated before the limiter's own step, so that it runs after it.
    @app.after_request
    def ask_to_wait_only_when_refused(response: Response) -> Response:
        if response.status_code not in _COME_BACK_LATER:
            response.headers.pop("Retry-After", None)
        return response

    limiter.init_app(app)


def by_visitor_and_address(
    per_visitor: str, per_address: str = GUESSES
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Count what is sent to the view, by the visitor's machine and by the mail address that its ``email`` names."""

    def decorate(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        by_address = limiter.limit(per_address, methods=["POST"], key_func=_asked_address)(view)
        limited: Callable[P, ResponseReturnValue] = limiter.limit(per_visitor, methods=["POST"])(by_address)
        return limited

    return decorate


def _asked_address() -> str:
    return f"address:{request.form.get('email', '').strip().lower() or get_remote_address()}"
