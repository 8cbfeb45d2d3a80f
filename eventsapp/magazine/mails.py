"""Mails of the magazine."""

from datetime import datetime

from eventsapp.core import links
from eventsapp.magazine.values import SharedPage, Sharing
from eventsapp.mail import outbox


def page_sent(*, page: SharedPage, sharing: Sharing, refusal: str, locale: str, now: datetime) -> None:
    """Pass a page on to a friend: our own words, the sender's few set apart, and the way to hear no more of it.

    It comes from the magazine; only the answer goes to the sender. ``refusal`` is the token of the way out.
    """
    outbox.queue_mail(
        "magazine/page_sent",
        to=sharing.recipient,
        reply_to=sharing.sender_email,
        locale=locale,
        now=now,
        page=page,
        sharing=sharing,
        refusal_url=links.absolute("magazine_sharing.refuse", locale=locale, token=refusal),
    )
