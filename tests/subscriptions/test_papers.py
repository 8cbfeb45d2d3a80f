"""The card of a gift: valid for archives and screen readers, with all that its reader needs and no price."""

import pytest

from eventsapp.subscriptions.papers import gift_card
from eventsapp.subscriptions.statuses import Edition
from tests.checkout.looking import PRIVATE, pay
from tests.papers.validator import faults, text
from tests.subscriptions.looking import gift_of
from tests.support.makers.orders import a_gift, place
from tests.support.makers.subscriptions import make_plan

LONG = {
    "recipient_name": "Mme Marie-Élisabeth de La Rochefoucauld-Montbel, directrice générale adjointe " * 2,
    "giver_name": "Toute l’équipe de la direction des ressources humaines de Saint-Aubry-sur-Loire " * 2,
    "message": "\n".join(["Vingt ans de service public, et toujours la première à citer un article."] * 4)[:300],
}

pytestmark = pytest.mark.usefixtures("client", "frozen")


def letters(written: str) -> str:
    """Return a text without the layout's business: spaces, soft hyphens, small capitals."""
    return "".join(written.replace("\N{SOFT HYPHEN}", "").lower().split())


@pytest.mark.parametrize("edition", list(Edition))
@pytest.mark.parametrize(("locale", "said"), [("fr", "Un an de lecture"), ("en", "One year of reading")])
def test_a_card_is_valid_names_both_and_says_how_to_begin_and_no_price(
    edition: Edition, locale: str, said: str
) -> None:
    order = place(
        a_gift(make_plan(edition=edition), message="À très vite #1 [x]_y_"), payment_method="card", billing=PRIVATE
    )
    pay(order, order.total_cents)
    gift = gift_of(order)

    paper = gift_card(gift, locale=locale)

    shown = letters(text(paper))
    assert faults(paper) == []
    for part in (said, "Claude Roux", "Dominique Martin", "À très vite #1 [x]_y_", gift.secret):
        assert letters(part) in shown
    assert "129" not in shown.replace(letters(gift.secret), "")
    assert "€" not in shown
    assert gift_card(gift, locale=locale) == paper


def test_the_longest_words_stay_on_one_card() -> None:
    wish = {name: words[:200] if name != "message" else words for name, words in LONG.items()}
    order = place(a_gift(make_plan(months=24), **wish), payment_method="card", billing=PRIVATE)

    paper = gift_card(gift_of(order), locale="fr")

    assert faults(paper) == []
    assert text(paper).count("La Lettre du cadre territorial") == 1
    assert letters(wish["message"].splitlines()[-1]) in letters(text(paper))
