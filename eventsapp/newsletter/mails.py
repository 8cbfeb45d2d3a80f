"""The mails of the newsletter: to confirm an address, to whoever asked twice, and a letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from eventsapp.core import markdown
from eventsapp.core.i18n import DEFAULT_LOCALE, typo
from eventsapp.core.links import absolute
from eventsapp.core.settings import current
from eventsapp.mail import outbox
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.rules import plain
from eventsapp.newsletter import rules
from eventsapp.newsletter.models import Letter, Reader
from eventsapp.newsletter.statuses import Group
from eventsapp.newsletter.values import Contents, Told

_CONFIRM, _KNOWN = "newsletter/confirm", "newsletter/known"
#: What whoever asks for the letter is answered by mail.
ANSWERS = (_CONFIRM, _KNOWN)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One thing as the templates show it."""

    told: Told
    html: Markup
    plain: str


def confirm(reader: Reader, *, now: datetime) -> OutgoingMail:
    """Ask whose address it is whether they want the letter."""
    return outbox.queue_mail(
        _CONFIRM,
        to=reader.email,
        now=now,
        locale=reader.locale,
        about=("newsletter_reader", reader.id),
        until=now + rules.CONFIRM_WITHIN,
        confirm_url=absolute("newsletter.confirm", locale=reader.locale, secret=reader.confirm_secret),
        site_name=current().site_name,
    )


#: The mail without which nobody is forgotten who did not leave.
STILL_WANTED = "newsletter/still_wanted"


def still_wanted(reader: Reader, *, now: datetime) -> OutgoingMail:
    """Ask a reader of years whether they still want the letter."""
    return outbox.queue_mail(
        STILL_WANTED,
        to=reader.email,
        now=now,
        locale=reader.locale,
        about=("newsletter_reader", reader.id),
        until=now + rules.ANSWER_WITHIN,
        confirm_url=absolute("newsletter.confirm", locale=reader.locale, secret=reader.confirm_secret),
        site_name=current().site_name,
    )


def known(reader: Reader, *, now: datetime) -> OutgoingMail:
    """Tell whoever asked once more that they receive the letter already."""
    return outbox.queue_mail(
        _KNOWN,
        to=reader.email,
        now=now,
        locale=reader.locale,
        about=("newsletter_reader", reader.id),
        own_url=absolute("newsletter.own", locale=reader.locale, secret=reader.secret),
        site_name=current().site_name,
    )


def letter(sent: Letter, contents: Contents, reader: Reader, *, now: datetime) -> OutgoingMail:
    """Write a letter to one of its readers."""
    leave_url = absolute("newsletter_leaving.leave", locale=reader.locale, secret=reader.secret)
    return outbox.queue_mail(
        "newsletter/letter",
        to=reader.email,
        now=now,
        locale=reader.locale,
        about=("letter", sent.id),
        unsubscribe_url=leave_url,
        **in_words(
            sent,
            contents,
            own_url=absolute("newsletter.own", locale=reader.locale, secret=reader.secret),
            leave_url=leave_url,
        ),
    )


def on_trial(sent: Letter, contents: Contents, *, to: str, name: str, now: datetime) -> OutgoingMail:
    """Send a letter to whoever tries it: nobody's own links are in it."""
    sign_up = absolute("newsletter.sign_up", locale=DEFAULT_LOCALE)
    words = in_words(sent, contents, own_url=sign_up, leave_url=sign_up)
    return outbox.queue_mail(
        "newsletter/letter",
        to=to,
        to_name=name,
        now=now,
        about=("letter", sent.id),
        **words | {"title": _("Test : %(subject)s", subject=sent.subject)},
    )


def in_words(sent: Letter, contents: Contents, *, own_url: str, leave_url: str) -> dict[str, Any]:
    """Return what the templates of a letter say."""
    groups: Sequence[tuple[Group, list[_Entry]]] = [
        (group, [_entry(told) for told in found]) for group, found in contents.groups
    ]
    return {
        "title": sent.subject,
        "intro_html": markdown.to_html(sent.intro) if sent.intro else "",
        "intro_plain": plain(sent.intro),
        "groups": groups,
        "own_url": own_url,
        "leave_url": leave_url,
        "site_name": current().site_name,
    }


def _entry(told: Told) -> _Entry:
    if told.text:
        return _Entry(told, markdown.to_html(told.text), plain(told.text))
    return _Entry(told, Markup("<p>{}</p>").format(typo(told.lead)) if told.lead else Markup(), told.lead)
