"""The mail to who came: the certificate."""

from datetime import datetime

from eventsapp.attendance.models import Certificate
from eventsapp.core.links import absolute
from eventsapp.core.settings import current
from eventsapp.mail import outbox
from eventsapp.registrations.models import Registration


def certificate_ready(certificate: Certificate, seat: Registration, *, now: datetime) -> None:
    """Tell somebody that the certificate is there; day and order of the seat are loaded."""
    order = seat.order_line.order
    outbox.queue_mail(
        "attendance/certificate",
        to=seat.email,
        to_name=seat.name,
        now=now,
        locale=order.locale,
        about=("order", order.id),
        registration_id=seat.id,
        name=seat.name,
        day=seat.study_day,
        is_training=certificate.is_training,
        paper_url=absolute("certificates.of_seat", locale=order.locale, secret=seat.secret),
        check_url=absolute("certificates.verify", locale=order.locale, code=certificate.code),
        site_name=current().site_name,
    )
