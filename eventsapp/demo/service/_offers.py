"""Quotes, and the codes that make things cheaper."""

from datetime import datetime, timedelta

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.i18n import DEFAULT_LOCALE
from eventsapp.demo import queries, reading
from eventsapp.demo.service._orders import moment_of, request_of
from eventsapp.demo.service._team import actor
from eventsapp.demo.service._transaction import writing
from eventsapp.demo.values import Happening, QuoteText
from eventsapp.promotions import service as promotions
from eventsapp.promotions.statuses import PromoKind
from eventsapp.promotions.values import CodeDraft


def happenings(text: QuoteText, *, now: datetime) -> list[Happening]:
    """Return when a quote is made, and when it was ordered, if it was; nothing new when it was made before."""
    made: list[int] = []

    def make() -> int:
        request = request_of(text.order)
        with writing():
            if queries.has_quote(request.buyer.email):
                return 0
            made.append(checkout.make_quote(request, now=made_at).id)
        return 1

    def order() -> int:
        with writing():
            for quote_id in made:
                checkout.order_quote(quote_id, locale=DEFAULT_LOCALE, now=ordered_at)
        return 0

    made_at = moment_of(text.order.days_ago, text.order.key, now=now)
    if text.ordered_days_ago is None:
        return [Happening(made_at, make)]
    ordered_at = moment_of(text.ordered_days_ago, text.order.key, now=now)
    return [Happening(made_at, make), Happening(ordered_at, order)]


def load_promo_codes(*, now: datetime) -> int:
    """Write the promotional codes of orders.toml; return how many are new."""
    made = 0
    today = clock.local_date(now)
    for text in reading.promo_codes():
        with writing():
            if queries.has_promo_code(text["code"]):
                continue
            draft = CodeDraft(
                code=text["code"],
                kind=PromoKind(text["kind"]),
                value=text["value"],
                uses_limit=text.get("uses_limit"),
                valid_from=today - timedelta(days=text["from_days_ago"]),
                valid_until=today + timedelta(days=text["until_in_days"]),
                for_everything=True,
                day_ids=frozenset(),
                plan_ids=frozenset(),
                note=text["note"],
                enabled=True,
            )
            promotions.save_code(None, draft, actor=actor(RoleName.ADMINISTRATOR), now=now)
            made += 1
    return made
