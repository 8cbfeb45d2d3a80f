"""The client that asks Stripe, how long it waits, and what its silence or its refusal becomes."""

import threading
import time
from functools import lru_cache
from typing import Any, NoReturn

import stripe
from flask_babel import lazy_gettext as _l

from eventsapp.core import settings
from eventsapp.payments.errors import GatewayRefused, GatewayUnavailable

#: Seconds that one answer may take, and how often the SDK asks again by itself (with the same key).
PATIENCE = 4
RETRIES = 1
#: Seconds after which an answer is late enough for nobody else of the process to begin waiting for one.
LATE = 2.0
#: Characters kept of why Stripe refuses.
LONGEST_REASON = 300
#: Objects on one page of a list, at most.
MOST = 100
#: The status of an answer while the same key is being answered.
IN_USE = 409
UNAVAILABLE = _l(
    "Le paiement par carte ne répond pas. Votre commande est gardée ; "
    "ne payez pas une seconde fois, réessayez dans un instant."
)


def expects_live() -> bool:
    """Return whether real money is expected."""
    return settings.current().stripe_secret_key.startswith(("sk_live_", "rk_live_"))


def is_silence(error: stripe.StripeError) -> bool:
    """Return whether Stripe did not answer, or is answering the same key at this very moment: ask again with it."""
    return isinstance(error, stripe.APIConnectionError | stripe.RateLimitError) or error.http_status == IN_USE


def refuse(error: stripe.StripeError) -> NoReturn:
    """Raise ``GatewayUnavailable`` or ``GatewayRefused`` for an error of Stripe's."""
    reason = (error.user_message or str(error))[:LONGEST_REASON]
    if is_silence(error):
        raise GatewayUnavailable(str(UNAVAILABLE), reason=reason) from error
    raise GatewayRefused(
        "Le paiement par carte n’est pas possible pour le moment. Votre commande est gardée ; "
        "écrivez-nous pour la régler autrement.",
        reason=reason,
    ) from error


def client() -> stripe.StripeClient:
    """Return the client for the account of the settings."""
    current = settings.current()
    return _client_for(current.stripe_secret_key, current.stripe_api_base)


@lru_cache(maxsize=4)
def _client_for(secret_key: str, api_base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        secret_key,
        base_addresses={"api": api_base},
        http_client=_Counter(timeout=PATIENCE),
        max_network_retries=RETRIES,
    )


class _Counter(stripe.RequestsClient):
    """Stripe's counter, as the threads of one process stand at it: where nobody is served, no queue forms.

    A hanging Stripe would otherwise keep every thread waiting, and with them the visitors who want nothing of it.
    While an answer is late nobody else begins to wait for one, and after one that did not come only one at a time
    finds out whether Stripe is back; the others are told at once that it does not answer.
    """

    def __init__(self, *, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._turn = threading.Lock()
        self._begun: list[float] = []
        self._silent = False

    def request_with_retries(self, *request: Any, **options: Any) -> Any:
        begun = self._begin()
        silent = True
        try:
            answer = super().request_with_retries(*request, **options)
            silent = False
            return answer
        finally:
            with self._turn:
                self._begun.remove(begun)
                self._silent = silent

    def _begin(self) -> float:
        now = time.monotonic()
        with self._turn:
            if self._begun and (self._silent or self._begun[0] < now - LATE):
                raise stripe.APIConnectionError("Others wait for an answer.", should_retry=False)  # type: ignore[no-untyped-call]
            self._begun.append(now)
        return now
