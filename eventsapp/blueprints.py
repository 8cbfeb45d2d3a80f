"""Every blueprint and its address: the URL map on one page."""

from flask import Flask
from flask_wtf import CSRFProtect

from eventsapp.checkout.web import payment as checkout_payment
from eventsapp.checkout.web import site as checkout
from eventsapp.core import slugs
from eventsapp.orders.web import site as orders
from eventsapp.payments.web import webhook as stripe_webhook
from eventsapp.site.web import context
from eventsapp.subscriptions.web import site as subscriptions


def init_app(app: Flask) -> None:
    """Register the pages of every room."""
    app.url_map.converters["slug"] = slugs.SlugConverter
    context.init_app(app)
    app.register_blueprint(checkout.blueprint)
    app.register_blueprint(checkout_payment.blueprint)
    app.register_blueprint(orders.blueprint)
    app.register_blueprint(stripe_webhook.blueprint)
    app.register_blueprint(subscriptions.blueprint)

    csrf: CSRFProtect = app.extensions["csrf"]
    # Signed by Stripe.
    csrf.exempt(stripe_webhook.blueprint)
    # Stands on cached pages, which carry no token; checks where the browser says it comes from.
    csrf.exempt(checkout.add_plan)
