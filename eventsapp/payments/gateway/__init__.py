"""The way to Stripe: the only package that speaks with it."""

from eventsapp.payments.gateway._back import given_back_since as given_back_since
from eventsapp.payments.gateway._back import money_back as money_back
from eventsapp.payments.gateway._back import refund as refund
from eventsapp.payments.gateway._cards import charge as charge
from eventsapp.payments.gateway._cards import charge_made as charge_made
from eventsapp.payments.gateway._cards import forget_customer as forget_customer
from eventsapp.payments.gateway._client import expects_live as expects_live
from eventsapp.payments.gateway._events import read_event as read_event
from eventsapp.payments.gateway._pages import close_page as close_page
from eventsapp.payments.gateway._pages import look_up as look_up
from eventsapp.payments.gateway._pages import open_card_page as open_card_page
from eventsapp.payments.gateway._pages import open_page as open_page
from eventsapp.payments.gateway._pages import page_of_payment as page_of_payment
