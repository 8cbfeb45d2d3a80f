"""Putting the application together; the only module that knows all rooms."""

import os
from collections.abc import Mapping

from dotenv import dotenv_values
from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from eventsapp import blueprints, cli
from eventsapp.accounts import security
from eventsapp.attendance import tasks as attendance_tasks
from eventsapp.batches import tasks as batch_tasks
from eventsapp.checkout import tasks as checkout_tasks
from eventsapp.core import (
    db as database,
)
from eventsapp.core import (
    error_pages,
    form_data,
    form_words,
    i18n,
    limits,
    log_lines,
    page_cache,
    queue,
    security_headers,
    settings,
    static_files,
    unit_of_work,
)
from eventsapp.core.raw_bytes import ReadableRequest
from eventsapp.core.settings import ROOT, Settings
from eventsapp.core.templating import Environment
from eventsapp.core.unit_of_work import TransactionalFlask
from eventsapp.documents import tasks as document_tasks
from eventsapp.dunning import tasks as dunning_tasks
from eventsapp.figures import tasks as figure_tasks
from eventsapp.files import tasks as files_tasks
from eventsapp.invoices import tasks as invoice_tasks
from eventsapp.magazine import tasks as magazine_tasks
from eventsapp.mail import tasks as mail_tasks
from eventsapp.mailings import tasks as mailing_tasks
from eventsapp.mandats import tasks as mandat_tasks
from eventsapp.newsletter import tasks as newsletter_tasks
from eventsapp.registrations import tasks as registration_tasks
from eventsapp.search import service as search
from eventsapp.subscriptions import tasks as subscription_tasks
from eventsapp.surveys import tasks as survey_tasks
from eventsapp.waiting_list import tasks as waiting_list_tasks

#: The largest request accepted, in bytes; pages that take files say more themselves.
MAX_REQUEST = 2 * 1024 * 1024
#: The largest number of fields in a form: twenty participants and their questions fit easily.
MAX_FIELDS = 1000

#: Deferred work by name: what ``queue.nudge`` asks for and the worker's timetable runs.
SWEEPS: dict[str, queue.Sweep] = {
    "files.tidy": files_tasks.tidy,
    "documents.tidy": document_tasks.tidy,
    "figures.count": figure_tasks.count,
    "dunning.remind": dunning_tasks.remind,
    "batches.run": batch_tasks.run,
    "mail.send": mail_tasks.send,
    "mail.forget": mail_tasks.forget,
    "mailings.forget": mailing_tasks.forget,
    "mailings.remind": mailing_tasks.remind,
    "mailings.reports": mailing_tasks.tell_reports,
    "mailings.surveys": mailing_tasks.ask_opinions,
    "mailings.send": mailing_tasks.send,
    "invoices.finish": invoice_tasks.finish,
    "mandats.deposit": checkout_tasks.deposit,
    "mandats.remind": mandat_tasks.remind,
    "magazine.publish": magazine_tasks.publish,
    "magazine.open": magazine_tasks.open_articles,
    "magazine.forget": magazine_tasks.forget_pictures,
    "newsletter.draft": newsletter_tasks.draft,
    "newsletter.send": newsletter_tasks.send,
    "newsletter.forget": newsletter_tasks.forget,
    "letters.forget": newsletter_tasks.forget_letters,
    "orders.expire": checkout_tasks.expire,
    "orders.invoice": checkout_tasks.invoice,
    "payments.events": checkout_tasks.take_events,
    "payments.reconcile": checkout_tasks.reconcile,
    "payments.refund": checkout_tasks.refund,
    "days.cancel": checkout_tasks.cancel_days,
    "baskets.forget": checkout_tasks.forget_baskets,
    "subscriptions.suspend": checkout_tasks.suspend,
    "subscriptions.expire": subscription_tasks.expire,
    "subscriptions.addresses": subscription_tasks.apply_addresses,
    "subscriptions.remind": subscription_tasks.remind,
    "readers.tell": subscription_tasks.tell_readers,
    "readers.forget": subscription_tasks.forget_readers,
    "gifts.announce": subscription_tasks.announce_gifts,
    "gifts.tell": subscription_tasks.tell_givers,
    "registrations.remind": registration_tasks.remind_names,
    "registrations.forget": registration_tasks.forget_reminders,
    "registrations.erase": registration_tasks.erase_answers,
    "surveys.forget": survey_tasks.forget,
    "waiting_list.tend": waiting_list_tasks.tend,
    "waiting_list.forget": waiting_list_tasks.forget,
    "quotes.erase": checkout_tasks.erase_in_quotes,
    "papers.make": attendance_tasks.make_papers,
    "papers.tidy": attendance_tasks.tidy_papers,
    "certificates.send": attendance_tasks.send_certificates,
    "renewals.tidy": checkout_tasks.cancel_superseded,
    "renewals.announce": subscription_tasks.announce_renewals,
    "renewals.charge": checkout_tasks.charge,
    "cards.forget": subscription_tasks.forget_cards,
}


def create_app(environment: Mapping[str, str] | None = None, *, keep_pages: bool = True) -> Flask:
    """Return the application set up from ``environment`` (by default the process's, then the file ``.env``).

    Raises ``SettingError`` for a setting that cannot be used. ``keep_pages`` puts the page cache in front.
    """
    if environment is None:
        from_file = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}
        environment = {**from_file, **os.environ}
    chosen = settings.read(environment)
    log_lines.init()
    app = TransactionalFlask("eventsapp", template_folder=str(ROOT / "templates"), static_folder=None)
    app.request_class = ReadableRequest
    app.jinja_environment = Environment
    app.extensions["eventsapp.settings"] = chosen
    _configure(app, chosen)
    database.init_app(app, database_url=chosen.database_url)
    Migrate(app, database.db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    unit_of_work.init_app(app, before_commit=(search.reindex, page_cache.raise_versions))
    i18n.init_app(app)
    form_data.init_app(app)
    form_words.init_app(app)
    static_files.init_app(app)
    error_pages.init_app(app)
    limits.init_app(app, settings=chosen)
    queue.init_app(app, settings=chosen, sweeps=SWEEPS)
    CSRFProtect(app)
    security.init_app(app, settings=chosen)
    security_headers.init_app(app, settings=chosen)
    blueprints.init_app(app)
    cli.init_app(app)
    if chosen.proxy_hops:
        hops = chosen.proxy_hops
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=0
        )
    if keep_pages:
        page_cache.init_app(app, database_url=chosen.database_url)
    return app


def _configure(app: Flask, chosen: Settings) -> None:
    app.config.update(
        SECRET_KEY=chosen.secret_key,
        TRUSTED_HOSTS=_trusted_hosts(chosen),
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST,
        MAX_FORM_PARTS=MAX_FIELDS,
        SESSION_COOKIE_NAME="session",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=chosen.secure,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=True,
    )
    app.url_map.strict_slashes = True


def _trusted_hosts(chosen: Settings) -> list[str]:
    host = chosen.public_url.split("://", 1)[1].rsplit(":", 1)[0]
    return [host] if chosen.production else [host, "localhost", "127.0.0.1", "[::1]"]
