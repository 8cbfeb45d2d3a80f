"""Lists of the office: what one shows, said once in a room's ``queries.py``, and read from the address of a request.

A room describes its list as a value::

    def order_list(*, now: datetime) -> Listing:
        late = sa.and_(Order.status == OrderStatus.CONFIRMED, Order.due_on < now.date())
        return Listing(
            name="commandes",
            title=_l("Commandes"),
            statement=sa.select(Order),
            loads=(joinedload(Order.organisation),),
            states=(State("toutes", _l("Toutes")), State("en-retard", _l("En retard"), where=late)),
            search=(Order.reference, Order.last_name, Order.billing_name, Order.email),
            domains=(Order.email,),
            filters=(
                Choice("reglement", _l("Règlement"), options=METHODS, where=lambda code: Order.payment_method == code),
                Dates("recue", _l("Reçue"), column=Order.placed_at),
            ),
            columns=(
                Column("client", _l("Client"), lambda order: order.buyer_name, opens=True, sort=Order.last_name,
                       second=lambda order: order.billing_name, second_label=_l("Organisme")),
                Column("total", _l("Montant"), lambda order: order.total_cents, kind=Kind.MONEY,
                       sort=Order.total_cents),
            ),
            order=(Order.placed_at.desc(), Order.id.desc()),
            empty=_l("Les commandes paraîtront ici dès la première."),
        )

and its page answers with it (``office/lists.py``)::

    @blueprint.get("/commandes/")
    @requires(Permission.ORDERS_VIEW)
    def orders() -> ResponseReturnValue:
        return lists.answer(
            queries.order_list(now=clock.now()),
            row_url=lambda order: url_for(".order", reference=order.reference),
        )

The address then speaks: ``?etat=en-retard&q=@angers.fr&reglement=mandat&recue-du=2026-10-01&tri=-total&page=2``, and
``&format=xlsx`` is the file of the same rows. What an address gets wrong is left out and said.

The statement selects one table, or one table and scalar columns beside it; its joins add no rows (a collection is
loaded with ``selectinload`` in ``loads``). A page costs two queries, one for the rows and one for the counts of all
tabs, and one for each collection in ``loads`` and for each ``options`` that asks the database.
"""

from eventsapp.core.listing._asked import YEARS, Asked, clean, read
from eventsapp.core.listing._description import (
    FIGURES,
    PAGE_SIZE,
    Action,
    Choice,
    Column,
    Condition,
    Dates,
    Kind,
    Listing,
    Row,
    State,
)
from eventsapp.core.listing._rows import Answer, counted, every_row, fetch, first_rows, selected_keys, tab_counts

__all__ = [
    "FIGURES",
    "PAGE_SIZE",
    "YEARS",
    "Action",
    "Answer",
    "Asked",
    "Choice",
    "Column",
    "Condition",
    "Dates",
    "Kind",
    "Listing",
    "Row",
    "State",
    "clean",
    "counted",
    "every_row",
    "fetch",
    "first_rows",
    "read",
    "selected_keys",
    "tab_counts",
]
