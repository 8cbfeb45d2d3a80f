"""What a seat costs, for whom and until when."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.core import french, settings, slugs, texts
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.study_days import rules
from eventsapp.study_days.errors import DayInUse
from eventsapp.study_days.models import Rate, RateComponent, StudyDay
from eventsapp.study_days.service import _edits
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.study_days.values import Price
from eventsapp.vat import rules as vat_rules
from eventsapp.vat import service as vat


def edit_rates(day: StudyDay, *, prices: Sequence[Price], version: int, actor: User, now: datetime) -> None:
    """Give ``day``, its rates loaded, exactly these rates, in this order; seats sold keep the price they had.

    Raises ``Conflict``, ``Invalid``, and ``DayInUse`` when a rate to be removed was sold.
    """
    _edits.claim(day, version=version, now=now)
    if not prices and day.status is not StudyDayStatus.DRAFT:
        raise Invalid("Une journée publiée garde au moins un tarif.")
    before = _told(day)
    try:
        with db.session.begin_nested():
            write(day, prices)
    except IntegrityError as error:
        raise DayInUse(
            "Des places ont été vendues à ce tarif : il reste. Donnez-lui plutôt une date de fin."
        ) from error
    _edits.note("study_days.edit", day, before, after=_told(day), actor=actor, now=now)


def write(day: StudyDay, prices: Sequence[Price]) -> None:
    """Write the rates of ``day``, their components loaded; raise ``Invalid`` when some do not make their price."""
    for price in prices:
        vat_rules.require_components(price.components, price_cents=price.price_cents)
    known = {rate.id: rate for rate in day.rates}
    codes = {rate.code for rate in day.rates}
    kept = []
    for position, price in enumerate(prices, start=1):
        rate = known.get(price.id) if price.id is not None else None
        known_parts = rate.components if rate else ()
        if rate is None:
            code = texts.free_code(price.code or slugs.slugify(price.name)[:30], taken=codes, longest=rules.CODE_LENGTH)
            codes.add(code)
            rate = Rate(code=code)
        rate.name, rate.condition = price.name, price.condition
        rate.name_en, rate.condition_en = price.name_en, price.condition_en
        rate.price_cents = price.price_cents
        rate.components = vat.written(known_parts, price.components, table=RateComponent)
        rate.for_subscribers, rate.position = price.for_subscribers, position
        rate.available_until = _end_of(price, day)
        kept.append(rate)
    day.rates = kept
    db.session.flush()


def _end_of(price: Price, day: StudyDay) -> datetime | None:
    """Return the midnight that ends the last date on which the rate is sold."""
    if price.until is None:
        return None
    return rules.moment(price.until + timedelta(days=1), time(), settings.zone(day.timezone))


def _told(day: StudyDay) -> dict[str, str]:
    """Return the rates as the history tells them: a line a rate, and one for each part of its price."""
    lines = []
    for rate in day.rates:
        last_day = rate.last_day(day.timezone)
        until = f" jusqu’au {french.date_short(last_day)}" if last_day else ""
        english = f" ({rate.name_en})" if rate.name_en else ""
        lines.append(f"{rate.name}{english} : {french.money(rate.price_cents)}{until}")
        lines += [f"– {line}" for line in vat_rules.told(part.value for part in rate.components).splitlines()]
    return {"rates": "\n".join(lines)}
