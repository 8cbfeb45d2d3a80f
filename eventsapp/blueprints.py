"""Every blueprint and its address: the URL map on one page."""

from flask import Flask
from flask_wtf import CSRFProtect

from eventsapp.accounts.access import guard_office, may, may_open_private_pages
from eventsapp.accounts.web import office as accounts_office
from eventsapp.accounts.web import site as accounts
from eventsapp.api.web import interface as api
from eventsapp.attendance.web import certificates, door, phone, walk_in
from eventsapp.attendance.web import office as attendance_office
from eventsapp.attendance.web import papers as papers_office
from eventsapp.attendance.web import site as tickets
from eventsapp.audit.web import office as audit_office
from eventsapp.batches.web import office as batches_office
from eventsapp.books.web import closings as books_closings
from eventsapp.books.web import office as books_office
from eventsapp.books.web import payouts as books_payouts
from eventsapp.checkout.web import billing as checkout_billing
from eventsapp.checkout.web import billing_office as checkout_billing_office
from eventsapp.checkout.web import cancellation as checkout_cancellation
from eventsapp.checkout.web import consumers as checkout_consumers
from eventsapp.checkout.web import gifts as checkout_gifts
from eventsapp.checkout.web import office as checkout_office
from eventsapp.checkout.web import parts as checkout_parts
from eventsapp.checkout.web import payment as checkout_payment
from eventsapp.checkout.web import quotes, quotes_office, renewals
from eventsapp.checkout.web import site as checkout
from eventsapp.checkout.web import waiting as waiting_place
from eventsapp.core import slugs
from eventsapp.dashboard.web import office as dashboard
from eventsapp.documents.web import site as documents
from eventsapp.dunning.web import office as dunning_office
from eventsapp.dunning.web import site as dunning
from eventsapp.figures.web import office as figures_office
from eventsapp.figures.web import site as figures
from eventsapp.files.web import site as files
from eventsapp.invoices.web import office as invoices_office
from eventsapp.invoices.web import site as invoices
from eventsapp.magazine.web import comments as magazine_comments
from eventsapp.magazine.web import giving as magazine_giving
from eventsapp.magazine.web import oai as magazine_oai
from eventsapp.magazine.web import office as magazine_office
from eventsapp.magazine.web import sharing as magazine_sharing
from eventsapp.magazine.web import shelves as magazine_shelves
from eventsapp.magazine.web import site as magazine
from eventsapp.magazine.web import whole_issue as magazine_issues
from eventsapp.mail.web import office as mail_office
from eventsapp.mailings.web import day_office as mailings_day_office
from eventsapp.mailings.web import office as mailings_office
from eventsapp.mailings.web import site as mailings
from eventsapp.mandats.web import office as mandats_office
from eventsapp.mandats.web import site as mandats
from eventsapp.newsletter.web import leaving as newsletter_leaving
from eventsapp.newsletter.web import office as newsletter_office
from eventsapp.newsletter.web import site as newsletter
from eventsapp.ops.web import site as ops
from eventsapp.orders.web import office as orders_office
from eventsapp.orders.web import site as orders
from eventsapp.payments.web import card_refunds as card_refunds_office
from eventsapp.payments.web import events_office
from eventsapp.payments.web import methods as payment_methods_office
from eventsapp.payments.web import office as payments_office
from eventsapp.payments.web import webhook as stripe_webhook
from eventsapp.places.web import office as places_office
from eventsapp.promotions.web import office as promotions_office
from eventsapp.receipts.web import office as receipts_office
from eventsapp.receipts.web import statement as receipts_statement
from eventsapp.registrations.web import card, coordinator, people_office
from eventsapp.registrations.web import office as registrations_office
from eventsapp.registrations.web import site as seats
from eventsapp.registrations.web import views as views_office
from eventsapp.search.web import site as search
from eventsapp.shipments.web import office as shipments_office
from eventsapp.site.web import context, site
from eventsapp.site.web import fragments as site_fragments
from eventsapp.site.web import office as site_office
from eventsapp.site.web import programs as site_programs
from eventsapp.site.web import texts as site_texts
from eventsapp.speakers.web import office as speakers_office
from eventsapp.speakers.web import site as speakers
from eventsapp.study_days.web import feeds as study_days_feeds
from eventsapp.study_days.web import office as study_days_office
from eventsapp.study_days.web import site as study_days
from eventsapp.subscriptions.web import addresses, addresses_office, cards, gifts, readers, readers_office, reading
from eventsapp.subscriptions.web import office as subscriptions_office
from eventsapp.subscriptions.web import site as subscriptions
from eventsapp.subscriptions.web import speakers_office as thanks_office
from eventsapp.surveys.web import office as surveys_office
from eventsapp.surveys.web import site as surveys
from eventsapp.terms.web import office as terms_office
from eventsapp.terms.web import site as terms
from eventsapp.vat.web import office as vat_office
from eventsapp.waiting_list.web import office as waiting_list_office
from eventsapp.waiting_list.web import site as waiting_list


def init_app(app: Flask) -> None:
    """Register the pages of every room."""
    app.url_map.converters |= {
        "default": slugs.PlainConverter,
        "int": slugs.NumberConverter,
        "slug": slugs.SlugConverter,
    }
    context.init_app(app)
    guard_office(app)
    app.jinja_env.globals["may"] = may
    app.jinja_env.globals["may_open_private_pages"] = may_open_private_pages
    app.register_blueprint(accounts.blueprint)
    app.register_blueprint(accounts_office.blueprint)
    app.register_blueprint(dashboard.blueprint)
    app.register_blueprint(attendance_office.blueprint)
    app.register_blueprint(audit_office.blueprint)
    app.register_blueprint(books_office.blueprint)
    app.register_blueprint(books_payouts.blueprint)
    app.register_blueprint(books_closings.blueprint)
    app.register_blueprint(checkout.blueprint)
    app.register_blueprint(checkout_billing.blueprint)
    app.register_blueprint(checkout_consumers.blueprint)
    app.register_blueprint(terms.blueprint)
    app.register_blueprint(terms_office.blueprint)
    app.register_blueprint(checkout_billing_office.blueprint)
    app.register_blueprint(checkout_payment.blueprint)
    app.register_blueprint(checkout_cancellation.blueprint)
    app.register_blueprint(checkout_parts.blueprint)
    app.register_blueprint(checkout_gifts.blueprint)
    app.register_blueprint(renewals.blueprint)
    app.register_blueprint(addresses.blueprint)
    app.register_blueprint(cards.blueprint)
    app.register_blueprint(addresses_office.blueprint)
    app.register_blueprint(thanks_office.blueprint)
    app.register_blueprint(shipments_office.blueprint)
    app.register_blueprint(checkout_office.blueprint)
    app.register_blueprint(certificates.blueprint)
    app.register_blueprint(papers_office.blueprint)
    app.register_blueprint(door.blueprint)
    app.register_blueprint(phone.blueprint)
    app.register_blueprint(walk_in.blueprint)
    app.register_blueprint(documents.blueprint)
    app.register_blueprint(dunning.blueprint)
    app.register_blueprint(dunning_office.blueprint)
    app.register_blueprint(figures.blueprint)
    app.register_blueprint(figures_office.blueprint)
    app.register_blueprint(files.blueprint)
    app.register_blueprint(invoices.blueprint)
    app.register_blueprint(invoices_office.blueprint)
    app.register_blueprint(magazine.blueprint)
    app.register_blueprint(mail_office.blueprint)
    app.register_blueprint(mailings.blueprint)
    app.register_blueprint(mailings_office.blueprint)
    app.register_blueprint(mailings_day_office.blueprint)
    app.register_blueprint(places_office.blueprint)
    app.register_blueprint(magazine_comments.blueprint)
    app.register_blueprint(magazine_giving.blueprint)
    app.register_blueprint(magazine_oai.blueprint)
    app.register_blueprint(magazine_issues.blueprint)
    app.register_blueprint(magazine_office.blueprint)
    app.register_blueprint(magazine_sharing.blueprint)
    app.register_blueprint(magazine_shelves.blueprint)
    app.register_blueprint(newsletter.blueprint)
    app.register_blueprint(newsletter_leaving.blueprint)
    app.register_blueprint(newsletter_office.blueprint)
    app.register_blueprint(ops.blueprint)
    app.register_blueprint(mandats.blueprint)
    app.register_blueprint(mandats_office.blueprint)
    app.register_blueprint(quotes.blueprint)
    app.register_blueprint(quotes_office.blueprint)
    app.register_blueprint(orders.blueprint)
    app.register_blueprint(orders_office.blueprint)
    app.register_blueprint(checkout_parts.office)
    app.register_blueprint(payment_methods_office.blueprint)
    app.register_blueprint(payments_office.blueprint)
    app.register_blueprint(events_office.blueprint)
    app.register_blueprint(card_refunds_office.blueprint)
    app.register_blueprint(receipts_office.blueprint)
    app.register_blueprint(receipts_statement.blueprint)
    app.register_blueprint(promotions_office.blueprint)
    app.register_blueprint(registrations_office.blueprint)
    app.register_blueprint(card.blueprint)
    app.register_blueprint(views_office.blueprint)
    app.register_blueprint(batches_office.blueprint)
    app.register_blueprint(coordinator.blueprint)
    app.register_blueprint(people_office.blueprint)
    app.register_blueprint(seats.blueprint)
    app.register_blueprint(tickets.blueprint)
    app.register_blueprint(stripe_webhook.blueprint)
    app.register_blueprint(search.blueprint)
    app.register_blueprint(site.blueprint)
    app.register_blueprint(site_fragments.blueprint)
    app.register_blueprint(site_office.blueprint)
    app.register_blueprint(site_programs.blueprint)
    app.register_blueprint(site_texts.blueprint)
    app.register_blueprint(speakers.blueprint)
    app.register_blueprint(speakers_office.blueprint)
    app.register_blueprint(study_days.blueprint)
    app.register_blueprint(study_days_office.blueprint)
    app.register_blueprint(study_days_feeds.blueprint)
    app.register_blueprint(subscriptions.blueprint)
    app.register_blueprint(subscriptions_office.blueprint)
    app.register_blueprint(surveys.blueprint)
    app.register_blueprint(surveys_office.blueprint)
    app.register_blueprint(vat_office.blueprint)
    app.register_blueprint(gifts.blueprint)
    app.register_blueprint(readers.blueprint)
    app.register_blueprint(readers_office.blueprint)
    app.register_blueprint(reading.blueprint)
    app.register_blueprint(waiting_list.blueprint)
    app.register_blueprint(waiting_list_office.blueprint)
    app.register_blueprint(waiting_place.blueprint)
    api.init_app(app)

    csrf: CSRFProtect = app.extensions["csrf"]
    # Signed by Stripe.
    csrf.exempt(stripe_webhook.blueprint)
    # Harvesters may ask by POST; the answer is everybody's and nothing is written.
    csrf.exempt(magazine_oai.blueprint)
    # Pressed by mail programs for their readers (RFC 8058); the link is signed.
    csrf.exempt(mailings.blueprint)
    csrf.exempt(newsletter_leaving.blueprint)
    # Stand on cached pages, which carry no token; check where the browser says they come from.
    csrf.exempt(checkout.add_plan)
    csrf.exempt(figures.count)
