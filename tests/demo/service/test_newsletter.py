"""The newsletter of the demonstration: readers of all sorts, a letter that went nowhere, and this week's draft."""

import sqlalchemy as sa
from flask import Flask

from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus
from eventsapp.newsletter.models import Letter, Reader
from eventsapp.newsletter.statuses import LetterStatus, ReaderStatus


def test_one_letter_left_and_one_is_a_draft(demo: Flask) -> None:
    letters = db.session.scalars(sa.select(Letter).order_by(Letter.week)).all()

    assert [letter.status for letter in letters] == [LetterStatus.DONE, LetterStatus.DRAFT]
    mails = db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.template == "newsletter/letter")).all()
    assert len(mails) > 20
    assert {mail.status for mail in mails} == {MailStatus.KEPT}
    assert len({mail.to_address for mail in mails}) == len(mails)


def test_readers_confirmed_chose_left_and_still_have_to_confirm(demo: Flask) -> None:
    rows = db.session.execute(sa.select(Reader.status, sa.func.count()).group_by(Reader.status)).all()

    assert {status: count for status, count in rows if count} == {
        ReaderStatus.CONFIRMED: 32,
        ReaderStatus.PENDING: 2,
        ReaderStatus.LEFT: 2,
    }
    assert db.session.scalar(sa.select(sa.func.count()).where(sa.not_(Reader.all_themes))) == 12
