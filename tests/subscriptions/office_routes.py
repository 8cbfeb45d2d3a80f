"""Who may go where the office keeps subscribers and sends paper: a part of the table in ``test_access.py``."""

from eventsapp.accounts.access import RoleName

ORGANISERS = {RoleName.ADMINISTRATOR, RoleName.ORGANISER}
MONEY_SEEN = ORGANISERS | {RoleName.ACCOUNTANT}
#: Endpoint → the roles that may.
SUBSCRIPTIONS: dict[str, set[RoleName]] = {
    "addresses_office.change": ORGANISERS,
    "addresses_office.copies": ORGANISERS,
    "addresses_office.delivery": ORGANISERS,
    "addresses_office.forget": ORGANISERS,
    "addresses_office.mend": ORGANISERS,
    "addresses_office.undelivered": ORGANISERS,
    "shipments_office.freeze": ORGANISERS,
    "shipments_office.labels": MONEY_SEEN,
    "shipments_office.numbers": MONEY_SEEN,
    "shipments_office.paper": MONEY_SEEN,
    "shipments_office.waiting": MONEY_SEEN,
    "subscriptions_office.contract": MONEY_SEEN,
    "subscriptions_office.contracts": MONEY_SEEN,
    "subscriptions_office.end": ORGANISERS,
    "subscriptions_office.grant": ORGANISERS,
    "subscriptions_office.new_plan": {RoleName.ADMINISTRATOR},
    "subscriptions_office.plan": {RoleName.ADMINISTRATOR},
    "subscriptions_office.plans": {RoleName.ADMINISTRATOR},
    "subscriptions_office.reminders": ORGANISERS,
    "subscriptions_office.stop_card": ORGANISERS,
    "thanks_office.offer": ORGANISERS,
    "thanks_office.speakers": ORGANISERS,
    "thanks_office.take_back": ORGANISERS,
}
