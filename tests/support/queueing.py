"""The application without the guard at Stripe's counter, for control runs: every thread may wait for an answer."""

import stripe

from eventsapp.factory import create_app
from eventsapp.payments.gateway import _client as gateway

gateway._Counter.request_with_retries = stripe.RequestsClient.request_with_retries  # type: ignore[method-assign]
app = create_app()
