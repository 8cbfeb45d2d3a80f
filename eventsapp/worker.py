"""The background worker: runs what the application asks for, and everything by its timetable."""

import logging

from flask import Flask
from huey import Huey, crontab

from eventsapp.factory import create_app

#: Sweep → when it runs by itself; a nudge only makes it sooner.
TIMETABLE = {
    "files.tidy": crontab(minute="20", hour="4"),
    "documents.tidy": crontab(minute="30", hour="4"),
    # In working hours; the sweep looks at every day up to today, whenever it runs.
    "dunning.remind": crontab(minute="10", hour="8"),
    "figures.count": crontab(),
    "mail.send": crontab(),
    # The same time for the mails and for the ledgers of who was written to.
    "mail.forget": crontab(minute="15", hour="4"),
    "mailings.forget": crontab(minute="16", hour="4"),
    "letters.forget": crontab(minute="17", hour="4"),
    "registrations.forget": crontab(minute="18", hour="4"),
    "batches.run": crontab(),
    "mailings.send": crontab(),
    # In waking hours, and again for what the first time missed; the ledger knows what was sent.
    "mailings.remind": crontab(minute="40", hour="7,10,14,17"),
    # In waking hours, once an hour is over: what appeared within it is one mail.
    "mailings.reports": crontab(minute="5", hour="8-20"),
    # At nine on the day after, in each town; and until the evening for what the first time missed.
    "mailings.surveys": crontab(minute="0", hour="7-20"),
    # Early on Monday; the sweep looks at this week, whenever it runs.
    "newsletter.draft": crontab(minute="15"),
    "newsletter.send": crontab(),
    "newsletter.forget": crontab(minute="5", hour="4"),
    "orders.expire": crontab(),
    "orders.invoice": crontab(minute="25"),
    "invoices.finish": crontab(),
    "magazine.publish": crontab(),
    "magazine.forget": crontab(minute="10", hour="4"),
    "mandats.deposit": crontab(),
    "mandats.remind": crontab(minute="35"),
    "payments.events": crontab(),
    "payments.reconcile": crontab(minute="*/10"),
    "payments.refund": crontab(),
    "days.cancel": crontab(),
    "baskets.forget": crontab(minute="17"),
    "subscriptions.expire": crontab(minute="5"),
    # In working hours, before who is told of what: each is warned once, a week before.
    "subscriptions.suspend": crontab(minute="10", hour="9"),
    "subscriptions.addresses": crontab(minute="6"),
    # In working hours, and once more for what the first time missed; the ledger knows what was sent.
    "subscriptions.remind": crontab(minute="15", hour="9,14"),
    # In waking hours, after those that are over were marked; each is told once.
    "readers.tell": crontab(minute="30", hour="9,14"),
    "readers.forget": crontab(minute="35", hour="3"),
    "gifts.announce": crontab(minute="*/10"),
    "gifts.tell": crontab(minute="45", hour="9"),
    # In working hours, and once more for what the first time missed; the ledger knows what was sent.
    "registrations.remind": crontab(minute="25", hour="9,14"),
    "registrations.erase": crontab(minute="50", hour="3"),
    "surveys.forget": crontab(minute="55", hour="3"),
    "waiting_list.tend": crontab(),
    "waiting_list.forget": crontab(minute="55", hour="3"),
    "quotes.erase": crontab(minute="45", hour="3"),
    "papers.make": crontab(),
    "papers.tidy": crontab(minute="40", hour="4"),
    # In working hours, and once more for what the first time missed; each day is asked for once.
    "certificates.send": crontab(minute="50", hour="9,14"),
    "renewals.tidy": crontab(minute="*/10"),
    # In working hours, and once more for what the first time missed; the ledger knows what was announced.
    "renewals.announce": crontab(minute="20", hour="9,14"),
    # In waking hours, so that who is told of a refused card can do something; each try is made once.
    "renewals.charge": crontab(minute="*/10", hour="8-20"),
    "cards.forget": crontab(minute="40"),
}
#: Sweeps that run side by side in one process.
THREADS = 2
#: Seconds between two looks at an empty queue: a payment is confirmed about as soon as Stripe tells it.
LOOKS_EVERY = 0.5


def prepare(app: Flask) -> Huey:
    """Return the queue of ``app`` with its timetable."""
    huey: Huey = app.extensions["eventsapp.huey"]
    sweep = app.extensions["eventsapp.sweep"]
    for name, when in TIMETABLE.items():
        _schedule(huey, name, when, sweep)
    return huey


def main() -> None:
    """Work until told to stop (SIGINT or SIGTERM)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Huey tells every look at every table, Stripe's library every request; what is worth telling we say ourselves.
    for talkative in ("huey", "stripe"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    huey = prepare(create_app(keep_pages=False))
    huey.create_consumer(
        workers=THREADS, periodic=True, initial_delay=0.1, max_delay=LOOKS_EVERY, check_worker_health=True
    ).run()


def _schedule(huey: Huey, name: str, when: object, sweep: object) -> None:
    @huey.periodic_task(when, name=f"timetable.{name}")  # type: ignore[untyped-decorator]
    def due() -> None:
        sweep.call_local(name)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
