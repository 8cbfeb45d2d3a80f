"""The messages of the demonstration: one that left, to addresses where nothing arrives, and one being written."""

import sqlalchemy as sa
from flask import Flask

from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus
from eventsapp.mailings.models import Mailing
from eventsapp.mailings.statuses import MailingStatus


def test_one_left_and_one_is_a_draft(demo: Flask) -> None:
    found = db.session.scalars(sa.select(Mailing).order_by(Mailing.id)).all()

    assert [mailing.status for mailing in found] == [MailingStatus.DONE, MailingStatus.DRAFT]
    mails = db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.template == "mailings/message")).all()
    assert len(mails) == found[0].total > 5
    assert {mail.status for mail in mails} == {MailStatus.KEPT}
    assert len({mail.to_address for mail in mails}) == len(mails)
