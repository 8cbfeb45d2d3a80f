"""Reading who gets a number on paper, and who got it."""

from eventsapp.shipments.queries._list import label_list, shipment_list, waiting_list
from eventsapp.shipments.queries._shipments import Counted, counted, held_issue, labels, shipments_of
from eventsapp.shipments.queries._who import Recipient, who_gets

__all__ = [
    "Counted",
    "Recipient",
    "counted",
    "held_issue",
    "label_list",
    "labels",
    "shipment_list",
    "shipments_of",
    "waiting_list",
    "who_gets",
]
