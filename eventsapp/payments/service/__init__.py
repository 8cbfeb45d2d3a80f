"""Writing payments, refunds, what is said with Stripe, and the alerts about it."""

from eventsapp.payments.service._alerts import handle_alert as handle_alert
from eventsapp.payments.service._alerts import raise_alert as raise_alert
from eventsapp.payments.service._gateway import keep_event as keep_event
from eventsapp.payments.service._gateway import mark_page as mark_page
from eventsapp.payments.service._gateway import remember_page as remember_page
from eventsapp.payments.service._record import record_payment as record_payment
from eventsapp.payments.service._record import record_refund as record_refund
