"""The office's lists and its first page at 2,000 registrations and at 200,000, in one run, on PostgreSQL.

What grows with the years is what is paid and done: money awaited, and mails to be sent, are of the last months only.
"""

import itertools
import os
import statistics
import time
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient

from bench import rows
from eventsapp.accounts import service as accounts
from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived, Subscription
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db
from eventsapp.factory import create_app
from eventsapp.study_days import queries as study_days
from eventsapp.subscriptions.values import Delivery
from tests.support.database import ENVIRONMENT, create_postgresql_database
from tests.support.makers.orders import a_request, an_attendee, seats
from tests.support.services import postgresql

ADDRESSES = (
    "/organisation/",
    "/organisation/recherche/?q=dupont",
    "/organisation/inscriptions/",
    "/organisation/inscriptions/?etat=a-regler",
    "/organisation/inscriptions/?tri=montant",
    "/organisation/inscriptions/?q=participant7",
    "/organisation/inscriptions/?q=@ville-exemple.fr",
    "/organisation/inscriptions/?q=ville",
    "/organisation/inscriptions/?q=621",
    "/organisation/journees/journee-3/inscriptions/",
    "/organisation/journees/journee-3/presences/",
    "/organisation/journees/journee-3/presences/?etat=attendues",
    "/organisation/journees/journee-3/presences/passages/",
    "/organisation/journees/journee-3/presences/feuille/",
    "/organisation/journees/journee-3/messages/",
    "/organisation/messages/",
    "/organisation/abonnes/",
    "/organisation/abonnes/?etat=en-cours",
    "/organisation/commandes/",
    "/organisation/commandes/?etat=retard",
    "/organisation/reglements/",
    "/organisation/factures/",
    "/organisation/mandats/",
    "/organisation/relances/",
    "/organisation/encaissements/?q=ville",
    "/organisation/encaissements/?q=621",
    "/organisation/encaissements/journal/",
    "/organisation/journal/",
    "/organisation/courriels/",
)
#: Orders placed for real, each of so many seats; all others are copies of them.
ORDERS, SEATS = 21, 10
#: One in so many of them is paid.
PAID_EVERY = 3
FEW, MANY = 2_000, int(os.environ.get("BENCH_REGISTRATIONS", "200000"))
ROUNDS = 5
#: A page may take so many times as long, and a search.
GOAL, SEARCH_GOAL = 2.0, 3.0
EMAIL, PASSWORD = "banc@exemple.fr", "un-mot-de-passe-de-banc"
#: The tables that grow with the orders, those that are referred to first.
GROWING = (
    "orders", "order_lines", "contracts", "registrations", "payments", "invoices", "invoice_lines", "mandat_dossiers",
    "outgoing_mails", "audit_entries",
)  # fmt: skip
#: What is unique in them besides the ids.
TEXTS = {
    "reference", "idempotency_key", "number", "message_id", "gateway_reference", "form_key", "secret", "ticket_code",
}  # fmt: skip
#: Which rows of each table belong to orders that are paid.
# ruff: noqa: S608 - the statements are made of names of our own tables
_PAID = "SELECT id FROM orders WHERE payment_status = 'paid'"
OF_PAID = {
    "orders": f"row.id IN ({_PAID})",
    "order_lines": f"row.order_id IN ({_PAID})",
    "contracts": f"row.order_line_id IN (SELECT id FROM order_lines WHERE order_id IN ({_PAID}))",
    "registrations": f"row.order_line_id IN (SELECT id FROM order_lines WHERE order_id IN ({_PAID}))",
    "payments": f"row.order_id IN ({_PAID})",
    "invoices": f"row.order_id IN ({_PAID})",
    "invoice_lines": f"row.invoice_id IN (SELECT id FROM invoices WHERE order_id IN ({_PAID}))",
    "mandat_dossiers": f"row.order_id IN ({_PAID})",
    "outgoing_mails": f"row.subject_kind <> 'order' OR row.subject_id IN ({_PAID})",
    "audit_entries": f"row.subject_kind <> 'order' OR row.subject_id IN ({_PAID})",
}
NUMBERS = {"rank"}
#: What every copy has alike: a contract is gone on from once, its copies stand by themselves.
FIXED = {"contracts.renews_id": "NULL", "outgoing_mails.status": "'sent'", "invoices.check": "'valid'"}


def measure(database_url: str) -> None:
    """Print how long each page takes with many rows, against few, the median of five."""
    app = create_app(ENVIRONMENT | {"DATABASE_URL": database_url})
    app.config["WTF_CSRF_ENABLED"] = False
    now = clock.now()
    with app.app_context():
        rows.fill()
        _place(now=now)
        client = app.test_client()
        answer = client.post("/compte/connexion/", data={"email": EMAIL, "password": PASSWORD})
        assert answer.status_code == 303, answer.status  # noqa: S101 - nothing is measured by somebody not signed in
        highest = _highest_ids()
        copies = FEW // (ORDERS * SEATS)
        _copy(range(1, copies), highest)
        few = _times(client)
        _copy(range(copies, copies + (MANY - FEW) // (ORDERS // PAID_EVERY * SEATS)), highest, paid=True)
        many = _times(client)
        count = db.session.scalar(sa.text("SELECT count(*) FROM registrations"))
        db.session.remove()
    print(f"\nThe office with {count} registrations against {FEW}: ms, median of {ROUNDS}; ratio; at most {GOAL}")
    for address in ADDRESSES:
        ratio = many[address] / few[address]
        mark = "" if ratio <= (SEARCH_GOAL if "q=" in address else GOAL) else "  above"
        print(f"  {address:50}{few[address]:8.1f}{many[address]:8.1f}{ratio:8.2f}{mark}")


def _place(*, now: datetime) -> None:
    """Place the orders that are copied: by mandat, by cheque that came, by transfer that has not."""
    placed = now - timedelta(days=40)
    with unit_of_work.transaction():
        accounts.create_user(
            email=EMAIL, now=now, roles=[RoleName.ADMINISTRATOR], password=PASSWORD, first_name="B", last_name="Anc"
        )
    for number, method in zip(range(ORDERS), itertools.cycle(["mandat", "cheque", "transfer"])):
        with unit_of_work.transaction():
            day = study_days.any_day(f"journee-{number % rows.DAYS}")
            assert day is not None  # noqa: S101 - for the type checker: the rows are ours
            people = [an_attendee(number * SEATS + seat, rate="standard") for seat in range(SEATS)]
            plan = Subscription(plan="individuel", delivery=Delivery())
            request = a_request(seats(day, *people), plan, payment_method=method, idempotency_key=f"bench-{number}")
            order, _new = checkout.place_order(request, now=placed)
            if method == "cheque":
                money = MoneyReceived(method="cheque", amount_cents=order.total_cents, reference=f"{number}")
                checkout.settle(order.id, money, received_on=placed.date(), now=placed)


def _highest_ids() -> dict[str, int]:
    return {table: db.session.scalar(sa.text(f"SELECT max(id) FROM {table}")) or 0 for table in GROWING}


def _copy(copies: range, highest: dict[str, int], *, paid: bool = False) -> None:
    """Copy what was placed, or only what was ``paid``, once for each number; dates go back with the numbers."""
    tables = [db.metadata.tables[name] for name in GROWING]
    with unit_of_work.transaction():
        for table in tables:
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            values = ", ".join(_copied(column, highest) for column in table.columns)
            db.session.execute(
                sa.text(
                    f"INSERT INTO {table.name} ({columns}) "
                    f"SELECT {values} FROM {table.name} row "
                    "CROSS JOIN generate_series(CAST(:first AS integer), :last) AS n "
                    f"WHERE row.id <= {highest[table.name]}" + (f" AND ({OF_PAID[table.name]})" if paid else "")
                ),
                {"first": copies.start, "last": copies.stop - 1},
            )
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))


def _copied(column: "sa.Column[object]", highest: dict[str, int]) -> str:
    if fixed := FIXED.get(f"{column.table.name}.{column.name}"):
        return fixed
    referred = next((key.column.table.name for key in column.foreign_keys), "")
    shift = f"n * {highest[column.table.name]}"
    if column.name == "id" or column.name in NUMBERS:
        return f'row."{column.name}" + {shift}'
    if referred in GROWING and referred != column.table.name:
        return f'row."{column.name}" + n * {highest[referred]}'
    if column.name == "subject_id":
        of_copy = f"row.subject_id + n * {highest['orders']}"
        return f"CASE WHEN row.subject_kind = 'order' THEN {of_copy} ELSE row.subject_id END"
    if column.name in {"secret", "ticket_code"} and column.table.name in {"registrations", "contracts"}:
        return f'md5(row."{column.name}" || n)'
    if column.name in TEXTS:
        return f"row.\"{column.name}\" || '-' || n"
    if column.name in {"placed_at", "created_at", "at"}:
        return f"row.\"{column.name}\" - n % 1000 * interval '1 day'"
    if column.name in {"last_name", "billing_name"}:
        return f'row."{column.name}" || n'
    return f'row."{column.name}"'


def _times(client: FlaskClient) -> dict[str, float]:
    """Return how long each page takes, in milliseconds; once before, so that nothing is loaded for the first time."""
    return {address: statistics.median(_time(client, address) for _ in range(ROUNDS + 1)) for address in ADDRESSES}


def _time(client: FlaskClient, address: str) -> float:
    start = time.perf_counter()
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status}")
    return (time.perf_counter() - start) * 1000


def _main() -> None:
    with postgresql() as server:
        measure(create_postgresql_database(server, "lists"))


if __name__ == "__main__":
    _main()
