"""Whether a seat at the subscriber rate may pass to somebody else (decision 7)."""

from datetime import datetime

from flask_babel import gettext as _

from eventsapp.core import clock
from eventsapp.orders.models import Order
from eventsapp.registrations import queries, rules
from eventsapp.registrations.errors import NotCovered
from eventsapp.registrations.models import Registration
from eventsapp.registrations.values import Person
from eventsapp.subscriptions import queries as subscriptions


def require_cover(seat: Registration, order: Order, person: Person, *, now: datetime) -> None:
    """Raise ``NotCovered`` when the rate came with a subscription of whoever leaves, and nothing covers ``person``.

    What the buyer or the organisation subscribes to covers whoever they send, and so does it for a seat without a
    name; the day is held, so that no other seat takes what is left.
    """
    former, new = seat.email.lower(), person.email.lower()
    if not seat.is_named or former == new or not seat.rate.for_subscribers:
        return
    buyer, siret = order.email.lower(), order.siret
    on = clock.local_date(now)
    fellows = subscriptions.sharing({former, new, buyer} - {""}, siret=siret, on=on)
    held = queries.subscriber_seats(
        {seat.study_day_id},
        emails={former, new, buyer} | fellows.emails,
        sirets=({siret} | fellows.sirets) - {""},
        but=seat.id,
    ).get(seat.study_day_id, [])
    known = {former, new, buyer} | {each.email for each in held} - {""}
    covers = subscriptions.covers(known, siret=siret, on=on)
    if not rules.is_own(covers, email=former, buyer_email=buyer, siret=siret):
        return
    left = rules.cover_left(covers, held, buyer_email=buyer, siret=siret)
    if not left.covers(new):
        raise NotCovered(
            _(
                "Cette place est au tarif abonné, par l’abonnement de %(name)s. Indiquez une personne abonnée, ou "
                "écrivez-nous : nous verrons la différence de prix avec vous.",
                name=seat.name,
            )
        )
