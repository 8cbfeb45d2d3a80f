"""What may be put into a basket."""

import pytest
import sqlalchemy as sa

from eventsapp.checkout import service as checkout
from eventsapp.checkout.models import Basket
from eventsapp.core.db import db
from eventsapp.core.errors import NotFound
from eventsapp.study_days.errors import RegistrationClosed
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.orders import seats
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.mark.parametrize(
    ("status", "refusal"), [(StudyDayStatus.CANCELLED, RegistrationClosed), (StudyDayStatus.DRAFT, NotFound)]
)
def test_seats_that_cannot_be_taken_are_not_put_into_it(status: StudyDayStatus, refusal: type[Exception]) -> None:
    day = make_study_day(status=status)

    with pytest.raises(refusal):
        checkout.add_to_basket(None, seats(day), now=NOW)

    assert db.session.scalars(sa.select(Basket)).all() == []
