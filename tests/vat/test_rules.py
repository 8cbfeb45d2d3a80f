"""Which rate counts on a day, and how a price is split: to the cent, whatever its parts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.core.errors import Invalid
from eventsapp.core.money import net_of
from eventsapp.vat import rules
from eventsapp.vat.errors import RateInForce
from eventsapp.vat.statuses import VatKind
from eventsapp.vat.values import CategoryDraft, Component, Dated, Tariff
from tests.support.makers.vat import a_part

TODAY = date(2026, 11, 30)
NEW_YEAR = date(2027, 1, 1)
#: The standard rate rises with the year.
TARIFF: Tariff = {
    "standard": Dated(
        code="standard",
        name="Taux normal",
        kind=VatKind.STANDARD,
        rates=((date(2014, 1, 1), 2000), (NEW_YEAR, 2100)),
    ),
    "press": Dated(code="press", name="Presse", kind=VatKind.PRESS, rates=((date(2014, 1, 1), 210),)),
    "exempt": Dated(
        code="exempt",
        name="Formation",
        kind=VatKind.EXEMPT,
        rates=((date(2014, 1, 1), 0),),
        exemption="Exonération, art. 261-4-4° a",
        exemption_code="VATEX-FR-CGI261-4",
    ),
}
BUNDLE = (
    Component(label="Magazine", category="press", cents=13_900),
    Component(label="Base", category="standard", cents=6_000),
)
CENTS = st.integers(0, 200_000)


@st.composite
def splits(draw: st.DrawFn) -> list[Component]:
    """Up to five components, some of which may cost nothing."""
    return [
        Component(label=f"Part {place}", category=draw(st.sampled_from(sorted(TARIFF))), cents=draw(CENTS))
        for place in range(draw(st.integers(1, rules.MOST_COMPONENTS)))
    ]


def test_the_day_of_a_study_day_counts_and_of_a_subscription_that_of_the_order() -> None:
    assert rules.supplied_on(held_on=NEW_YEAR, ordered_on=TODAY) == NEW_YEAR
    assert rules.supplied_on(held_on=None, ordered_on=TODAY) == TODAY


@pytest.mark.parametrize(
    ("on", "rate"),
    [
        (date(1999, 1, 1), 2000),
        (date(2014, 1, 1), 2000),
        (NEW_YEAR - timedelta(days=1), 2000),
        (NEW_YEAR, 2100),
        (date(2030, 1, 1), 2100),
    ],
)
def test_a_rate_is_in_force_from_its_day_until_the_next_begins(on: date, rate: int) -> None:
    assert rules.rate_on(TARIFF["standard"].rates, on) == rate
    assert rules.rate_on(TARIFF["standard"].rates[::-1], on) == rate


def test_what_is_not_split_is_at_the_standard_rate_as_a_whole() -> None:
    (whole,) = rules.parts((), price_cents=19_900, tariff=TARIFF, on=TODAY)

    assert (whole.label, whole.rate, whole.unit_price_cents) == ("", 2000, 19_900)


def test_each_part_of_a_bundle_bears_the_rate_of_its_own_category_on_the_day() -> None:
    split = rules.parts(BUNDLE, price_cents=19_900, tariff=TARIFF, on=NEW_YEAR)

    assert [(part.label, part.rate, part.total_cents) for part in split] == [
        ("Magazine", 210, 13_900),
        ("Base", 2100, 6_000),
    ]
    assert rules.rates_of(split) == [2100, 210]
    assert rules.net_cents(split) == net_of(13_900, vat_rate=210) + net_of(6_000, vat_rate=2100)


def test_what_bears_no_tax_carries_its_reason() -> None:
    (part,) = rules.parts([Component(category="exempt", cents=100)], price_cents=100, tariff=TARIFF, on=TODAY)

    assert (part.rate, part.exemption, part.exemption_code) == (
        0, "Exonération, art. 261-4-4° a", "VATEX-FR-CGI261-4",
    )  # fmt: skip


@given(splits(), st.one_of(st.none(), CENTS))
def test_the_shares_make_the_price_to_the_cent_whatever_the_price(
    components: list[Component], other_price: int | None
) -> None:
    own = sum(component.cents for component in components)
    price = own if other_price is None else other_price

    split = rules.parts(components, price_cents=price, tariff=TARIFF, on=TODAY)

    assert sum(part.unit_price_cents for part in split) == price
    assert [part.category for part in split] == [component.category for component in components]
    if other_price is None:
        assert [part.unit_price_cents for part in split] == [component.cents for component in components]


@given(splits(), st.integers(1, 200), st.data())
def test_discounts_and_quantities_are_spread_over_the_parts_exactly(
    components: list[Component], quantity: int, data: st.DataObject
) -> None:
    price = sum(component.cents for component in components)
    split = rules.parts(components, price_cents=price, tariff=TARIFF, on=TODAY)
    discount = data.draw(st.integers(0, quantity * price))

    made = rules.totals(split, quantity=quantity, discount_cents=discount)

    assert sum(part.total_cents for part in made) == quantity * price - discount
    assert all(0 <= part.total_cents <= quantity * part.unit_price_cents for part in made)


def test_a_discount_falls_on_each_part_by_what_it_costs() -> None:
    split = (a_part(7_500, 210, "Magazine"), a_part(2_500, 2000, "Base"))

    assert [part.total_cents for part in rules.totals(split, quantity=2, discount_cents=1_001)] == [14_249, 4_750]


@pytest.mark.parametrize(
    "components",
    [
        (),
        (Component(cents=19_900),),
        BUNDLE,
    ],
)
def test_components_that_make_the_price_are_taken(components: tuple[Component, ...]) -> None:
    rules.require_components(components, price_cents=19_900)


@pytest.mark.parametrize(
    "components",
    [
        (Component(cents=19_899),),
        (*BUNDLE, Component(label="", category="press", cents=0)),
        (Component(label="Magazine", cents=20_000), Component(label="Base", cents=-100)),
        (Component(label="Magazine", cents=19_900), Component(label="Base", cents=0)),
        (Component(cents=13_900), Component(label="Base", cents=6_000)),
        tuple(Component(label="Part", cents=cents) for cents in (100, 100, 100, 100, 100, 19_400)),
    ],
)
def test_components_that_do_not_are_refused(components: tuple[Component, ...]) -> None:
    with pytest.raises(Invalid):
        rules.require_components(components, price_cents=19_900)


def test_only_what_is_exempt_is_at_zero_and_says_why() -> None:
    exempt = CategoryDraft(
        name="Formation",
        name_en="Training",
        kind=VatKind.EXEMPT,
        exemption="Art. 261",
        exemption_code="VATEX-EU-132-1I",
    )
    rules.require_category(exempt)
    rules.require_rate(VatKind.EXEMPT, 0)
    rules.require_rate(VatKind.PRESS, 210)

    for wrong in (
        CategoryDraft(name="A", name_en="A", kind=VatKind.EXEMPT),
        CategoryDraft(name="A", name_en="A", kind=VatKind.EXEMPT, exemption="Art. 261", exemption_code="261-4"),
        CategoryDraft(name="A", name_en="A", kind=VatKind.PRESS, exemption="Art. 261"),
    ):
        with pytest.raises(Invalid):
            rules.require_category(wrong)
    for kind, rate in ((VatKind.EXEMPT, 2000), (VatKind.STANDARD, 0)):
        with pytest.raises(Invalid):
            rules.require_rate(kind, rate)


@pytest.mark.parametrize("days", [-400, -1, 0])
def test_a_rate_of_a_day_that_has_come_is_taken_only_knowingly(days: int) -> None:
    begins = TODAY + timedelta(days=days)

    with pytest.raises(RateInForce):
        rules.require_future(begins, today=TODAY, knowingly=False)
    rules.require_future(begins, today=TODAY, knowingly=True)


def test_a_rate_of_tomorrow_needs_no_word() -> None:
    rules.require_future(TODAY + timedelta(days=1), today=TODAY, knowingly=False)


def test_the_history_tells_each_part() -> None:
    assert rules.told(BUNDLE).splitlines() == ["Magazine : 139,00\xa0€, press", "Base : 60,00\xa0€, standard"]


def test_a_part_with_another_total_is_the_same_part() -> None:
    part = a_part(1_000, 210, "Magazine")

    assert part.at(250) == replace(part, total_cents=250)
