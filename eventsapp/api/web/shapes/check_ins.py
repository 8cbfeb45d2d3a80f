"""Tickets shown at a door."""

from flask_babel import lazy_gettext as _l
from marshmallow import fields

from eventsapp.api.web.fields import Inner, Moment, Several, Text
from eventsapp.api.web.shapes.parts import Answer, Body, many, moment, number, text, word
from eventsapp.attendance.rules import DEVICE_LENGTH, KEY_LENGTH, LONGEST_SCAN, MOST_AT_ONCE
from eventsapp.attendance.statuses import Outcome

_ADMITTED_AT = "2027-02-24T09:05:00+01:00"
#: What a ticket can come to at a door: everything but what is done about an admission afterwards.
_OUTCOMES = [outcome for outcome in Outcome if outcome is not Outcome.UNDONE]


class CheckInBody(Body):
    """A ticket shown at a door."""

    code = Text(
        most=LONGEST_SCAN,
        required=_l("Le code du billet est obligatoire."),
        metadata={
            "description": "Le code du billet, ou l’adresse que porte son code QR.",
            "example": "Zk3vV0yQ4mX1c9wJb7nT2A",
        },
    )
    at = Moment(
        allow_none=True,
        load_default=None,
        metadata={
            "description": "Quand il a été présenté, pour un appareil qui était hors ligne ; sans lui, maintenant. Un "
            "moment à venir vaut maintenant.",
            "example": _ADMITTED_AT,
        },
    )
    device = Text(
        most=DEVICE_LENGTH,
        metadata={"description": "Comment s’appelle cet accueil : la deuxième porte le lira.", "example": "Porte A"},
    )
    key = Text(
        most=KEY_LENGTH,
        metadata={
            "description": "Une clé tirée par l’appareil pour ce passage : envoyé deux fois, il ne compte qu’une fois "
            "et reçoit la même réponse.",
            "example": "0b0a4e0c-6f0e-4b0e-9a39-0d0f6f6f4f3a",
        },
    )


class CheckInsBody(Body):
    """What a device kept while it was offline."""

    check_ins = Several(
        Inner(CheckInBody),
        least=1,
        most=MOST_AT_ONCE,
        told=_l("De 1 à 500 passages à la fois."),
        required=True,
        metadata={"description": "Les passages, dans l’ordre que l’on veut : c’est leur heure qui compte."},
    )


class OtherSeat(Answer):
    """A seat of the same order."""

    id = number("La clé de la place.", 42)
    name = text("La personne.", "Dominique Martin")
    rate = text("Le nom de son tarif.", "Abonné")


class Admission(Answer):
    """Somebody who was let in."""

    status = word("Ce qui s’est passé.", [Outcome.ADMITTED], "admitted")
    name = text("La personne, ou le rang d’une place encore à nommer.", "Claude Roux")
    rate = text("Le nom de son tarif.", "Non-abonné")
    booked_by = text("Qui a commandé la place.", "Ville d’Exemple")
    admitted_at = moment("Quand elle est entrée.", _ADMITTED_AT)
    others = many(OtherSeat, "Les autres places de la commande, dont personne ne s’est encore servi.")


class CheckInResult(Answer):
    """What came of one ticket of several."""

    code = text("Le code envoyé.", "Zk3vV0yQ4mX1c9wJb7nT2A")
    key = text("La clé envoyée ; vide si elle ne l’était pas.", "0b0a4e0c-6f0e-4b0e-9a39-0d0f6f6f4f3a")
    status = word(
        "`admitted` : entré ; `already` : billet déjà passé ; `retired` : billet remplacé ; `cancelled` : place "
        "annulée ; `held` : place non réglée ; `other_day` : autre journée ; `day_over` : journée passée ; "
        "`unknown` : code inconnu.",
        _OUTCOMES,
        "admitted",
    )
    name = text("La personne ; vide pour un code qui n’est pas de cette journée.", "Claude Roux")
    detail = text("Une phrase pour l’accueil ; vide si la personne est entrée.", "")
    admitted_at = fields.AwareDateTime(
        allow_none=True,
        metadata={
            "description": "Quand ce billet a fait entrer quelqu’un, cette fois ou auparavant.",
            "example": _ADMITTED_AT,
        },
    )
    device = text("Où il l’a fait, s’il l’avait fait auparavant.", "Porte B")


class CheckInResults(Answer):
    """What came of several tickets."""

    results = many(CheckInResult, "Une réponse par passage, dans l’ordre envoyé.")
