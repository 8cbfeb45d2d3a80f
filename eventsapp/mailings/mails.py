"""The mails of messages: the office's words in our frame, and the reminder with the practical sheet."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from eventsapp.core import markdown
from eventsapp.core.i18n import DEFAULT_LOCALE
from eventsapp.core.links import absolute
from eventsapp.core.settings import current
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access
from eventsapp.mail import outbox
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.rules import plain
from eventsapp.mailings import queries, rules
from eventsapp.mailings.models import Mailing, MailingRecipient
from eventsapp.mailings.statuses import ReminderKind
from eventsapp.mailings.values import Addressee
from eventsapp.registrations.models import Registration
from eventsapp.surveys.rules import OPEN_FOR


def body_html(body: str, facts: Mapping[str, str]) -> Markup:
    """Return the text of an editor as HTML, what is known of the reader in its places, literally.

    It is read as Markdown before anything of the reader is in it: nobody's name is a link or a heading.
    """
    known = {name: str(escape(value)) for name, value in facts.items()}
    html = str(markdown.to_html(rules.marked_links(body)))
    link = known.pop("lien", "")
    return Markup(rules.filled(html.replace(rules.LINK, link), known))  # noqa: S704 - cleaned, the values escaped


def body_text(body: str, facts: Mapping[str, str]) -> str:
    """Return the same as it reads in a mail of text alone."""
    return rules.filled(plain(body), facts)


def message(mailing: Mailing, line: MailingRecipient, *, refuse_url: str, now: datetime) -> OutgoingMail:
    """Write the message to one of its readers; with ``refuse_url``, they may say that they want no more of them."""
    return outbox.queue_mail(
        "mailings/message",
        to=line.address or "",
        to_name=line.name,
        reply_to=mailing.reply_to,
        now=now,
        about=("mailing", mailing.id),
        study_day_id=line.study_day_id,
        unsubscribe_url=refuse_url,
        title=rules.filled(mailing.subject, line.facts),
        html=body_html(mailing.body, line.facts),
        plain=body_text(mailing.body, line.facts),
        refuse_url=refuse_url,
        site_name=current().site_name,
    )


def on_trial(mailing: Mailing, addressee: Addressee, *, to: str, name: str, now: datetime) -> OutgoingMail:
    """Send the message as ``addressee`` would read it to whoever tries it; the private link is not theirs to have."""
    facts = {**addressee.facts, "lien": absolute("site.home", locale=DEFAULT_LOCALE)}
    return outbox.queue_mail(
        "mailings/message",
        to=to,
        to_name=name,
        reply_to=mailing.reply_to,
        now=now,
        about=("mailing", mailing.id),
        title=_("Test : %(subject)s", subject=rules.filled(mailing.subject, facts)),
        html=body_html(mailing.body, facts),
        plain=body_text(mailing.body, facts),
        refuse_url="",
        site_name=current().site_name,
    )


def reminder(seat: Registration, kind: ReminderKind, *, text: str, now: datetime) -> OutgoingMail:
    """Remind somebody of their day, with what it takes to get there; order, rate, day, city and venue are loaded."""
    locale = seat.order_line.order.locale
    page_url = absolute("seats.seat", locale=locale, secret=seat.secret)
    return _to_participant(
        "mailings/reminder",
        seat,
        now=now,
        is_eve=kind is ReminderKind.EVE,
        page_url=page_url,
        ticket_url=absolute("tickets.ticket", locale=locale, secret=seat.secret),
        day_url=absolute("study_days.day", locale=locale, slug=seat.study_day.slug),
        **_own_words(text, _facts(seat, page_url)),
    )


def reports(
    seat: Registration, articles: Sequence[Article], *, text: str, refuse_url: str, now: datetime
) -> OutgoingMail:
    """Tell somebody who came to a day that its reports are out; order, rate, day, city and venue are loaded.

    Of what is reserved to subscribers, the link is the person's own: it opens it.
    """
    locale = seat.order_line.order.locale
    return _to_participant(
        "mailings/reports",
        seat,
        now=now,
        unsubscribe_url=refuse_url,
        refuse_url=refuse_url,
        articles=[(article.title, article.lead, _report_url(article, seat, locale)) for article in articles],
        has_own_links=any(article.access is not Access.PUBLIC for article in articles),
        **_own_words(text, _facts(seat, absolute("seats.seat", locale=locale, secret=seat.secret))),
    )


def survey(seat: Registration, *, refuse_url: str, now: datetime) -> OutgoingMail:
    """Ask somebody who came what they thought of the day; order, day and city are loaded."""
    return _to_participant(
        "mailings/survey",
        seat,
        now=now,
        unsubscribe_url=refuse_url,
        refuse_url=refuse_url,
        until=seat.study_day.local_end + OPEN_FOR,
        survey_url=absolute("surveys.survey", locale=seat.order_line.order.locale, secret=seat.secret),
    )


def _to_participant(template: str, seat: Registration, *, now: datetime, **context: Any) -> OutgoingMail:
    """Write to whoever has the seat about their day, in the language of the order; order and day are loaded."""
    order = seat.order_line.order
    return outbox.queue_mail(
        template,
        to=seat.email,
        to_name=seat.name,
        now=now,
        locale=order.locale,
        about=("order", order.id),
        study_day_id=seat.study_day_id,
        registration_id=seat.id,
        name=seat.name,
        day=seat.study_day,
        site_name=current().site_name,
        **context,
    )


def _own_words(text: str, facts: Mapping[str, str]) -> dict[str, str]:
    """Return what the office wrote, if it did, as HTML and as text."""
    return {"html": body_html(text, facts) if text else "", "plain": body_text(text, facts) if text else ""}


def _report_url(article: Article, seat: Registration, locale: str) -> str:
    if article.access is Access.PUBLIC:
        return absolute("magazine.article", locale=locale, slug=article.slug)
    return absolute("magazine.article_of_seat", locale=locale, secret=seat.secret, slug=article.slug)


def _facts(seat: Registration, page_url: str) -> dict[str, str]:
    return {
        "prenom": seat.first_name,
        "nom": seat.last_name,
        "organisme": seat.order_line.order.billing_name,
        "tarif": seat.rate.local_name,
        "lien": page_url,
        **queries.facts_of_day(seat.study_day),
    }
