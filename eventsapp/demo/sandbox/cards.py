"""Stripe's test cards, and the check of a typed card."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Behaviour(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CHALLENGED = "challenged"
    #: Accepted while its holder is there, declined when it is charged later.
    DECLINED_LATER = "declined_later"


@dataclass(frozen=True)
class TestCard:
    """One of Stripe's test cards; ``code`` and ``decline_code`` are Stripe's words for a refusal."""

    number: str
    name: str
    behaviour: Behaviour
    code: str | None = None
    decline_code: str | None = None
    message: str | None = None

    #: Tells pytest that this is no class of tests.
    __test__ = False

    @property
    def spaced(self) -> str:
        return " ".join(self.number[at : at + 4] for at in range(0, len(self.number), 4))


TEST_CARDS = (
    TestCard("4242424242424242", "Paiement accepté", Behaviour.ACCEPTED),
    TestCard(
        "4000000000003220",
        "Authentification demandée (3-D Secure)",
        Behaviour.CHALLENGED,
    ),
    TestCard(
        "4000000000000002",
        "Carte refusée",
        Behaviour.DECLINED,
        code="card_declined",
        decline_code="generic_decline",
        message="La carte a été refusée. Essayez une autre carte ou contactez votre banque.",
    ),
    TestCard(
        "4000000000009995",
        "Provision insuffisante",
        Behaviour.DECLINED,
        code="card_declined",
        decline_code="insufficient_funds",
        message="La provision de la carte est insuffisante. Essayez une autre carte.",
    ),
    TestCard(
        "4000000000000341",
        "Acceptée, puis refusée aux prélèvements suivants",
        Behaviour.DECLINED_LATER,
        code="card_declined",
        decline_code="generic_decline",
        message="La carte a été refusée.",
    ),
)

#: What Stripe answers in test mode to a number that could be a real card's.
UNKNOWN_CARD = TestCard(
    "",
    "Carte inconnue du bac à sable",
    Behaviour.DECLINED,
    code="card_declined",
    decline_code="test_mode_live_card",
    message="Cette carte n’est pas une carte d’essai. Ne saisissez jamais de carte réelle ici.",
)

#: Why a card that asks its holder is not charged while nobody is there.
HOLDER_AWAY = ("authentication_required", "La banque demande une authentification du titulaire.")

#: Why a 3-D Secure payment fails when the buyer refuses.
REFUSED_CHALLENGE = (
    "payment_intent_authentication_failure",
    "L’authentification a échoué. Recommencez ou essayez une autre carte.",
)


@dataclass(frozen=True)
class TypedCard:
    """A card whose every field is well formed."""

    card: TestCard
    number: str
    exp_month: int
    exp_year: int


def read_card(fields: Mapping[str, str], *, today: date) -> tuple[TypedCard | None, dict[str, str]]:
    """Return the card typed into ``number``, ``expiry`` (MM / AA) and ``cvc``, or ``None`` and the errors by field."""
    number = "".join(fields.get("number", "").split())
    errors = {}
    if not (number.isascii() and number.isdigit() and 13 <= len(number) <= 19):
        errors["number"] = "Le numéro compte 13 à 19 chiffres, souvent 16."
    elif not _passes_luhn(number):
        errors["number"] = "Ce numéro n’est pas celui d’une carte : vérifiez les chiffres."
    expiry = _read_expiry(fields.get("expiry", ""))
    if expiry is None:
        errors["expiry"] = "L’expiration s’écrit MM / AA, par exemple 12 / 34."
    elif expiry < (today.year, today.month):
        errors["expiry"] = "La carte a expiré."
    cvc = fields.get("cvc", "").strip()
    if not (cvc.isascii() and cvc.isdigit() and len(cvc) in {3, 4}):
        errors["cvc"] = "Le cryptogramme compte 3 chiffres, 4 sur certaines cartes."
    if errors or expiry is None:
        return None, errors
    return TypedCard(card=known(number), number=number, exp_year=expiry[0], exp_month=expiry[1]), {}


def known(number: str) -> TestCard:
    """Return the test card of that number, or the unknown one."""
    return next((card for card in TEST_CARDS if card.number == number), UNKNOWN_CARD)


def _passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _read_expiry(text: str) -> tuple[int, int] | None:
    """Return year and month of ``MM / AA``, ``MMAA`` or ``MM/AAAA``, or ``None``."""
    month, slash, year = "".join(text.split()).partition("/")
    if not slash:
        month, year = month[:2], month[2:]
    if not (month + year).isascii() or not (month.isdigit() and year.isdigit()):
        return None
    if len(year) not in {2, 4} or int(month) not in range(1, 13):
        return None
    return (int(year) if len(year) == 4 else 2000 + int(year), int(month))
