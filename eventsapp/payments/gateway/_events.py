"""What Stripe tells by itself, in signed messages."""

import stripe

from eventsapp.core import settings
from eventsapp.payments.errors import ForgedEvent
from eventsapp.payments.gateway._objects import id_of
from eventsapp.payments.values import Event

#: Seconds for which Stripe's signature holds.
TOLERANCE = 300
#: Characters of an id at Stripe, and those kept of the name of a kind of event.
_LONGEST_ID, _LONGEST_KIND = 100, 60


def read_event(payload: bytes, signature: str) -> Event:
    """Return what Stripe tells in a signed message; raise ``ForgedEvent``."""
    try:
        event = stripe.Webhook.construct_event(
            payload, signature, settings.current().stripe_webhook_secret, tolerance=TOLERANCE
        )
        subject = event.data.object
        told = Event(
            event_id=event.id,
            kind=event.type[:_LONGEST_KIND],
            session_id=subject.id if isinstance(subject, stripe.checkout.Session) else "",
            payment_id=_payment_given_back(event.type, subject),
            live=bool(event.livemode),
        )
    except (ValueError, stripe.SignatureVerificationError) as error:
        raise ForgedEvent("Ce message ne vient pas de Stripe, ou il est trop ancien.") from error
    except (AttributeError, TypeError) as error:
        raise ForgedEvent("Ce message n’est pas un événement de Stripe.") from error
    if not _are_sound(told.event_id, told.session_id, told.payment_id) or not told.event_id:
        raise ForgedEvent("Ce message n’est pas un événement de Stripe.")
    return told


def _payment_given_back(kind: str, subject: object) -> str:
    """Return the payment of which something goes back or is contested, when a message is about that."""
    gives_back = isinstance(subject, stripe.Refund | stripe.Dispute) or kind == "charge.refunded"
    return id_of(getattr(subject, "payment_intent", None)) if gives_back else ""


def _are_sound(*ids: object) -> bool:
    """Return whether what stands where Stripe's ids should can be kept as such."""
    return all(isinstance(found, str) and len(found) <= _LONGEST_ID for found in ids)
