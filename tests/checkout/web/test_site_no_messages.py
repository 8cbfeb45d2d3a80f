"""Whoever orders may say at once that they want to read of nothing else."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.mail import queries as mails
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import SuppressionReason
from eventsapp.mailings import service as mailings
from eventsapp.mailings.values import Audience
from eventsapp.study_days.models import StudyDay
from tests.checkout.web.sending import MANDAT, open_day, send, the_order

ADDRESS = MANDAT["attendees-0-email"]


@pytest.mark.parametrize("ticked", [True, False])
def test_the_address_is_left_out_of_messages_and_not_of_what_is_ordered(client: FlaskClient, *, ticked: bool) -> None:
    day = open_day()

    answer = send(client, day, {"no_messages": "y"} if ticked else {})

    assert answer.status_code == 303
    assert the_order().email == ADDRESS
    assert mails.suppressed([ADDRESS]) == ({ADDRESS: SuppressionReason.UNSUBSCRIBED} if ticked else {})
    assert db.session.query(OutgoingMail).filter_by(to_address=ADDRESS).count() > 0
    held = db.session.get_one(StudyDay, day.id)
    before, after = (
        mailings.audience_of(Audience(days=(held.id,)), now=moment)
        for moment in (clock.now(), held.ends_at + timedelta(days=1))
    )
    assert (before.count, after.count) == (1, 0 if ticked else 1)


def test_a_form_that_is_not_valid_registers_no_refusal(client: FlaskClient) -> None:
    page = send(client, open_day(), {"no_messages": "y", "attendees-0-last_name": ""})

    assert page.status_code == 422
    assert mails.suppressed([ADDRESS]) == {}
    assert 'checked id="no_messages"' in page.text
