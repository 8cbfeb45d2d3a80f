"""Which seats a subscription covers."""

import pytest

from eventsapp.registrations.rules import CoverLeft, cover_left, uncovered
from eventsapp.registrations.values import SubscriberSeat
from eventsapp.subscriptions.values import Cover

BUYER, SIRET = "buyer", "21750001600019"


@pytest.mark.parametrize(
    ("asking", "own", "shared", "bought", "missed"),
    [
        ([], {}, 0, 0, []),
        (["a"], {}, 0, 0, [0]),
        (["a"], {"a": 1}, 0, 0, []),
        (["a", "a"], {"a": 1}, 0, 0, [1]),
        (["a", "b", "c"], {"b": 1}, 1, 0, [2]),
        (["a", "b", "c"], {}, 1, 1, [2]),
        (["a", "b"], {}, 0, 5, []),
    ],
)
def test_a_seat_is_covered_by_its_own_subscription_or_by_one_of_the_buyer(
    asking: list[str], own: dict[str, int], shared: int, bought: int, missed: list[int]
) -> None:
    assert uncovered(asking, left=CoverLeft(own, shared), bought=bought) == missed


@pytest.mark.parametrize(
    ("covers", "held", "own", "shared"),
    [
        ([("buyer", "", 2)], [], {}, 2),
        ([("buyer", "", 2)], [("a", "buyer", "")], {}, 1),
        ([("buyer", "", 1)], [("buyer", "other", "")], {}, 0),
        ([("a", "", 1)], [("a", "buyer", "")], {"a": 0}, 0),
        ([("a", "", 1), ("buyer", "", 1)], [("a", "buyer", "")], {"a": 0}, 1),
        ([("a", "", 1)], [("friend", "a", "")], {"a": 0}, 0),
        ([("chief", SIRET, 3)], [("x", "colleague", SIRET), ("y", "buyer", SIRET)], {}, 1),
        ([("buyer", "", 1)], [("x", "buyer", ""), ("y", "buyer", "")], {}, 0),
    ],
)
def test_a_seat_held_uses_the_subscription_of_its_participant_or_of_its_buyer(
    covers: list[tuple[str, str, int]], held: list[tuple[str, str, str]], own: dict[str, int], shared: int
) -> None:
    left = cover_left(
        [Cover(email=email, siret=siret, seats=seats) for email, siret, seats in covers],
        [SubscriberSeat(email=email, buyer_email=buyer, siret=siret) for email, buyer, siret in held],
        buyer_email=BUYER,
        siret=SIRET,
    )

    assert ({email: count for email, count in left.own.items() if email in own}, left.shared) == (own, shared)


READERS = frozenset({"chief", "r1", "r2"})


@pytest.mark.parametrize(
    ("held", "asking", "missed"),
    [
        ([], ["r1", "r2"], []),
        ([], ["r1", "r2", "stranger"], [2]),
        ([], ["r1", "r2", "chief"], [2]),
        ([("r1", "r1", "")], ["r2", "chief"], [1]),
        # The establishment sent two others: its contract is used up for its readers too.
        ([("x", "colleague", "other"), ("y", "colleague", "other")], ["r1"], [0]),
        ([("x", "chief", "")], ["r1", "r2"], [1]),
    ],
)
def test_readers_of_an_institution_sit_by_their_own_address_and_no_more_of_them_than_it_pays_for(
    held: list[tuple[str, str, str]], asking: list[str], missed: list[int]
) -> None:
    left = cover_left(
        [Cover(email="chief", siret="other", seats=2, readers=READERS)],
        [SubscriberSeat(email=email, buyer_email=buyer, siret=siret) for email, buyer, siret in held],
        buyer_email=BUYER,
        siret=SIRET,
    )

    assert uncovered(asking, left=left, bought=0) == missed


def test_what_its_readers_took_by_themselves_is_gone_for_the_institution() -> None:
    left = cover_left(
        [Cover(email=BUYER, siret="", seats=2, readers=frozenset({BUYER, "r1"}))],
        [SubscriberSeat(email="r1", buyer_email="r1", siret="")],
        buyer_email=BUYER,
        siret="",
    )

    assert uncovered(["x", "y"], left=left, bought=0) == [1]
