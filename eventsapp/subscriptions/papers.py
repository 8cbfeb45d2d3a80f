"""The card of a gift: printed by the giver, handed to the reader."""

from eventsapp.core import clock, french, i18n, links, settings
from eventsapp.papers import pdf, qr
from eventsapp.subscriptions.models import Gift


def gift_card(gift: Gift, *, locale: str) -> bytes:
    """Return the card in the giver's language, the same bytes each time; it says nothing of what the gift costs.

    ``gift`` is loaded with its contract and plan. Raises ``PaperFailed``.
    """
    plan = gift.contract.plan
    with i18n.speaking(locale):
        url = links.absolute("gifts.gift", locale=locale, secret=gift.secret)
        given_on = clock.local_date(gift.announce_at)
        data = {
            "site_name": settings.current().site_name,
            "duration": i18n.sentence(plan.duration),
            "edition": plan.edition.value,
            "recipient": french.typeset(gift.recipient_name),
            "giver": french.typeset(gift.giver_name),
            "message": [french.typeset(line) for line in gift.message.splitlines() if line.strip()],
            "url": url,
            "shown_url": url.partition("://")[2],
            "qr": qr.svg(url),
            "from": i18n.date_long(given_on),
        }
        title = i18n.choose(f"Carte cadeau pour {gift.recipient_name}", f"Gift card for {gift.recipient_name}")
        return pdf.render("subscriptions/gift_card", data, title=title, language=locale, dated=gift.announce_at)
