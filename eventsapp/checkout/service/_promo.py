"""What a promotional code takes off an order to be placed."""

from dataclasses import replace
from datetime import datetime

from eventsapp.checkout.service._day_in_order import DayInOrder
from eventsapp.checkout.service._quote import PlanInOrder, Quote
from eventsapp.core import clock
from eventsapp.orders.values import LineDraft
from eventsapp.promotions import queries, rules
from eventsapp.promotions.errors import CodeRefused
from eventsapp.promotions.models import PromoCode


def with_code(in_order: Quote, word: str, *, now: datetime, strict: bool = True) -> Quote:
    """Return what the items come to once the code ``word`` is taken off, line by line; nothing is counted.

    Raises ``CodeRefused``. Without ``strict``, for a running total, the quote says what is wrong instead.
    """
    if not rules.normalised(word):
        return in_order
    try:
        return _discounted(in_order, _usable(word, now=now))
    except CodeRefused as refusal:
        if strict:
            raise
        return replace(in_order, promo_problem=refusal.message)


def _usable(word: str, *, now: datetime) -> PromoCode:
    code = queries.code_named(word) if rules.is_well_written(rules.normalised(word)) else None
    if code is None:
        raise rules.unknown()
    rules.require_usable(
        enabled=code.enabled,
        valid_from=code.valid_from,
        valid_until=code.valid_until,
        uses_limit=code.uses_limit,
        uses_count=code.uses_count,
        today=clock.local_date(now),
    )
    return code


def _discounted(in_order: Quote, code: PromoCode) -> Quote:
    chosen_days, chosen_plans = {day.id for day in code.days}, {plan.id for plan in code.plans}
    lines = [
        (("day", wanted.index, rate), line)
        for wanted in in_order.days
        if code.for_everything or wanted.day.id in chosen_days
        for rate, line in wanted.lines.items()
    ]
    lines += [
        (("plan", bought.index, ""), bought.line)
        for bought in in_order.plans
        if code.for_everything or bought.plan.id in chosen_plans
    ]
    shares = rules.discounts(code.kind, code.value, [line.total_cents for _place, line in lines])
    if not any(shares):
        raise rules.not_for_this()
    cheaper = {place: replace(line, discount_cents=share) for (place, line), share in zip(lines, shares, strict=True)}
    return replace(
        in_order,
        promo=code,
        days=tuple(_day(wanted, cheaper) for wanted in in_order.days),
        plans=tuple(_plan(bought, cheaper) for bought in in_order.plans),
    )


def _day(wanted: DayInOrder, cheaper: dict[tuple[str, int, str], LineDraft]) -> DayInOrder:
    lines = {rate: cheaper.get(("day", wanted.index, rate), line) for rate, line in wanted.lines.items()}
    return replace(wanted, lines=lines)


def _plan(bought: PlanInOrder, cheaper: dict[tuple[str, int, str], LineDraft]) -> PlanInOrder:
    return replace(bought, line=cheaper.get(("plan", bought.index, ""), bought.line))
