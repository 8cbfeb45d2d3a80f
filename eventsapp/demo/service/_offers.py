"""Quotes, and the codes that make things cheaper."""

from datetime import datetime, timedelta

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.demo import queries, reading
from eventsapp.demo.service._orders import moment_of, request_of
from eventsapp.demo.service._team import actor
from eventsapp.demo.service._transaction import writing
from eventsapp.promotions import service as promotions
from eventsapp.promotions.statuses import PromoKind
from eventsapp.promotions.values import CodeDraft


def load_quotes(*, now: datetime) -> int:
    """Make the quotes of orders.toml, and order those that were ordered; return how many are new."""
    made = 0
    for text in reading.quotes():
        request = request_of(text.order)
        with writing():
            if queries.has_quote(request.buyer.email):
                continue
            quote = checkout.make_quote(request, now=moment_of(text.order.days_ago, text.order.key, now=now))
            if text.ordered_days_ago is not None:
                ordered_at = moment_of(text.ordered_days_ago, text.order.key, now=now)
                checkout.order_quote(quote.id, locale=request.locale, now=ordered_at)
            made += 1
    return made


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
