"""Mails of the magazine."""

from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.core import links
from eventsapp.magazine.models import Article
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


def changes_requested(article: Article, *, author: User, reviewer: str, note: str, now: datetime) -> None:
    """Tell the author what has to be changed, and by whom it is asked; the link leads to the editor."""
    outbox.queue_mail(
        "magazine/changes_requested",
        to=author.email,
        now=now,
        article_title=article.title,
        name=author.calling_name,
        reviewer=reviewer,
        note=note,
        url=links.absolute("magazine_office.article", article_id=article.id),
    )
