"""The form by which a group of the waiting list takes up the seats kept for it."""

from eventsapp.checkout.web.forms import RegistrationForm


class OfferForm(RegistrationForm):
    """The order that takes up seats of the waiting list: pressing its button accepts the terms, as it says."""

    accept_terms = None
