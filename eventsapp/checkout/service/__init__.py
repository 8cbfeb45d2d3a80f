"""Use cases that span rooms, one module each."""

from eventsapp.checkout.service._ask import Answers as Answers
from eventsapp.checkout.service._ask import ask_gateway as ask_gateway
from eventsapp.checkout.service._ask import reconcile as reconcile
from eventsapp.checkout.service._basket import add_to_basket as add_to_basket
from eventsapp.checkout.service._basket import days_beyond_plans as days_beyond_plans
from eventsapp.checkout.service._basket import empty_basket as empty_basket
from eventsapp.checkout.service._basket import forget_old_baskets as forget_old_baskets
from eventsapp.checkout.service._basket import put_back as put_back
from eventsapp.checkout.service._basket import remove_from_basket as remove_from_basket
from eventsapp.checkout.service._cancel import cancel_order as cancel_order
from eventsapp.checkout.service._cancel import refund_by_hand as refund_by_hand
from eventsapp.checkout.service._day import cancel_day as cancel_day
from eventsapp.checkout.service._day import postpone_day as postpone_day
from eventsapp.checkout.service._expire import expire_due as expire_due
from eventsapp.checkout.service._invoice import credit_invoice as credit_invoice
from eventsapp.checkout.service._invoice import invoice_order as invoice_order
from eventsapp.checkout.service._pay import open_page as open_page
from eventsapp.checkout.service._pay import prepare_page as prepare_page
from eventsapp.checkout.service._place import place_order as place_order
from eventsapp.checkout.service._quote import Quote as Quote
from eventsapp.checkout.service._quote import quote as quote
from eventsapp.checkout.service._settle import settle as settle
from eventsapp.checkout.service._settle import settle_card as settle_card
from eventsapp.checkout.service._settle import take_event as take_event
