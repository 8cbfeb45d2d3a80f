"""Writing payments, refunds, what is said with Stripe, and the alerts about it."""

from eventsapp.payments.service._alerts import handle_alert as handle_alert
from eventsapp.payments.service._alerts import raise_alert as raise_alert
from eventsapp.payments.service._alerts import raise_alert_about as raise_alert_about
from eventsapp.payments.service._gateway import keep_event as keep_event
from eventsapp.payments.service._gateway import mark_page as mark_page
from eventsapp.payments.service._gateway import remember_page as remember_page
from eventsapp.payments.service._journal import enter_payment as enter_payment
from eventsapp.payments.service._record import move_money as move_money
from eventsapp.payments.service._record import record_payment as record_payment
from eventsapp.payments.service._record import record_refund as record_refund
from eventsapp.payments.service._record import reverse_payment as reverse_payment
from eventsapp.payments.service._refunds import ask_after_others as ask_after_others
from eventsapp.payments.service._refunds import ask_later as ask_later
from eventsapp.payments.service._refunds import fail_refund as fail_refund
from eventsapp.payments.service._refunds import give_up_refund as give_up_refund
from eventsapp.payments.service._refunds import take_dispute as take_dispute
from eventsapp.payments.service._refunds import take_refund as take_refund
from eventsapp.payments.service._refunds import try_another_key as try_another_key
from eventsapp.payments.service._refunds import write_refund as write_refund
