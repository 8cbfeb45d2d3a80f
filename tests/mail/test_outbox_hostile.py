"""Every mail shows hostile texts literally: the cases of ``test_outbox_texts``, with one in each field they show."""

import re

import pytest
import sqlalchemy as sa
from flask import render_template
from lxml import html
from markupsafe import Markup

from eventsapp.core.db import db
from eventsapp.mail import outbox
from eventsapp.mail.models import OutgoingMail
from tests.mail.test_outbox_texts import CASES
from tests.support import hostile

#: One case of each template.
FIRST = {case.template: name for name, case in reversed(CASES.items())}

pytestmark = [pytest.mark.usefixtures("client", "frozen"), pytest.mark.by_turns]


def faults(written: str) -> list[str]:
    """Return what in a mail a text has become."""
    wrong = []
    for element in html.document_fromstring(written).iter("*"):
        wrong += [element.tag] if element.get("id") == hostile.MARK or element.tag in {"script", "iframe"} else []
        wrong += [name for name in element.attrib if name.startswith("on")]
        target = element.get("href") or element.get("src") or ""
        wrong += [target] if re.match(r"\s*(javascript|vbscript|data):", target, re.IGNORECASE) else []
    return wrong


def sent(name: str) -> OutgoingMail:
    case = CASES[name]
    case.does()
    mail = db.session.scalars(
        sa.select(OutgoingMail).where(OutgoingMail.template == case.template).order_by(OutgoingMail.id.desc())
    ).first()
    assert mail is not None
    return mail


@pytest.mark.parametrize("template", FIRST)
def test_a_mail_shows_hostile_texts_literally(template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    start = list(FIRST).index(template) * 5 % len(hostile.PAYLOADS)
    monkeypatch.setattr(outbox, "render_template", hostile.Overlay(render_template, start=start))

    mail = sent(FIRST[template])

    assert faults(mail.html) == []
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject
    assert any(text in mail.html for text in ("id=hit", "alert(1)", "7*7"))


def test_the_same_texts_are_seen_where_nothing_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    overlay = hostile.Overlay(render_template, start=0, wrap=Markup)
    monkeypatch.setattr(outbox, "render_template", overlay)

    assert faults(sent(FIRST["checkout/order_placed"]).html)
