"""Every group of resources, in the order of the documentation, and the pages about them."""

from flask import Flask
from flask_wtf import CSRFProtect

from eventsapp.api.web import (
    check_ins,
    document,
    magazine,
    office,
    orders,
    plans,
    registrations,
    reports,
    site,
    speakers,
    study_days,
)

RESOURCES = (
    study_days.blueprint,
    speakers.blueprint,
    magazine.blueprint,
    plans.blueprint,
    orders.blueprint,
    registrations.blueprint,
    check_ins.blueprint,
    reports.blueprint,
)


def init_app(app: Flask) -> None:
    """Register the interface under ``/api/v1/``, its documentation, and the office's pages of tokens."""
    document.init_app(app, RESOURCES)
    app.register_blueprint(site.blueprint)
    app.register_blueprint(office.blueprint)
    csrf: CSRFProtect = app.extensions["csrf"]
    for resources in RESOURCES:
        # No session opens anything here, so no other site can borrow one.
        csrf.exempt(resources)
