"""What an order may contain, as it is sent: seats, subscriptions, gifts. Lengths are those of the site's forms."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from eventsapp.api.web.fields import Answers, Code, Day, Inner, MailAddress, Several, Slug, Text, Whole, Word
from eventsapp.api.web.shapes.parts import Body
from eventsapp.checkout.rules import MOST_ATTENDEES
from eventsapp.subscriptions.rules import MESSAGE_LENGTH

#: The longest code of a payment method or of a rate, in characters.
CODE_LENGTH = 40
#: The greatest number of an issue that is looked at.
MOST_NUMBER = 999_999


#: What a person is known by, and what is said when it is missing.
_OF_A_PERSON = {
    "first_name": _l("Indiquez le prénom."),
    "last_name": _l("Indiquez le nom."),
    "email": _l("Indiquez le courriel : la confirmation y est envoyée."),
}


class AttendeeBody(Body):
    """One person to be registered, or a seat that is named later."""

    first_name = Text(
        most=80,
        metadata={
            "description": "Son prénom. Prénom, nom et courriel vont ensemble ; sans eux, seulement avec `rate`, la "
            "place est prise sans nom, et l’acheteur la nomme depuis la page de sa commande, jusqu’au matin de la "
            "journée.",
            "example": "Claude",
        },
    )
    last_name = Text(most=80, metadata={"description": "Son nom.", "example": "Roux"})
    email = MailAddress(
        metadata={
            "description": "La confirmation de sa place y est envoyée.",
            "example": "claude.roux@ville-exemple.fr",
        },
    )
    job_title = Text(most=150, metadata={"description": "Sa fonction.", "example": "directrice des finances"})
    rate = Code(
        most=CODE_LENGTH,
        required=True,
        metadata={"description": "Le `code` d’un tarif de la journée.", "example": "standard"},
    )

    @validates_schema
    def require_whole_name(self, data: Mapping[str, Any], **_later: object) -> None:
        """Take a person whole or not at all."""
        missing = {name: [str(told)] for name, told in _OF_A_PERSON.items() if not data[name]}
        if 0 < len(missing) < len(_OF_A_PERSON):
            raise ValidationError(missing)

    answers = Answers(
        metadata={
            "description": "Ses réponses aux questions de la journée, par leur `code` : un texte, un entier, une date "
            "`AAAA-MM-JJ`, un booléen ou une liste des réponses choisies, selon la sorte de la question. Une place "
            "sans nom n’y répond pas.",
            "example": {"repas": "Végétarien"},
        },
    )


class DeliveryBody(Body):
    """Where paper is sent."""

    name = Text(most=200, metadata={"description": "Le destinataire.", "example": "Claude Roux"})
    address = Text(most=300, metadata={"description": "La rue.", "example": "1, place de la Mairie"})
    postcode = Text(most=10, metadata={"description": "Le code postal.", "example": "44000"})
    city = Text(most=100, metadata={"description": "La ville.", "example": "Nantes"})


class RegistrationBody(Body):
    """Seats at one study day."""

    type = Word(("registration",), required=True, metadata={"description": "Des places."})
    study_day = Slug(required=True, metadata={"description": "Le `slug` d’une journée.", "example": "angers-2027"})
    attendees = Several(
        Inner(AttendeeBody),
        least=1,
        most=MOST_ATTENDEES,
        told=_l("De 1 à 20 personnes par commande."),
        required=True,
        metadata={"description": "Une place par personne, connue ou non."},
    )
    answers = Answers(
        metadata={
            "description": "Les réponses aux questions posées une fois pour toute l’inscription (`scope` « order »).",
            "example": {},
        },
    )


class GiftBody(Body):
    """A subscription for somebody else."""

    recipient_name = Text(
        most=200,
        required=_l("Indiquez à qui vous offrez l’abonnement."),
        metadata={
            "description": "À qui il est offert ; figure sur la carte et dans le courriel.",
            "example": "Claude Roux",
        },
    )
    recipient_email = MailAddress(
        metadata={
            "description": "Où le cadeau est annoncé. Vide : l’acheteur remet lui-même la carte, à télécharger depuis "
            "la page de la commande.",
            "example": "claude.roux@ville-exemple.fr",
        }
    )
    giver_name = Text(
        most=200,
        metadata={"description": "La signature ; vide : le nom de l’acheteur.", "example": "Toute l’équipe"},
    )
    message = Text(
        most=MESSAGE_LENGTH,
        lines=True,
        metadata={"description": "Quelques mots, sans lien.", "example": "Bonne lecture !"},
    )
    announce_on = Day(
        metadata={
            "description": "Quand il est annoncé, et avant quand l’abonnement ne commence pas : aujourd’hui au plus "
            "tôt, dans un an au plus tard. Nul : dès le règlement.",
            "example": "2027-12-24",
        }
    )


class SubscriptionBody(Body):
    """A subscription."""

    type = Word(("subscription",), required=True, metadata={"description": "Un abonnement."})
    plan = Slug(required=True, metadata={"description": "Le `slug` d’une formule.", "example": "individuel-un-an"})
    delivery = Inner(
        DeliveryBody,
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Où l’envoyer, quand la formule a une édition imprimée (`needs_address`). Absente ou nulle "
            "avec `gift` : le lecteur donne lui-même son adresse."
        },
    )
    first_issue = Whole(
        least=1,
        most=MOST_NUMBER,
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Le numéro par lequel le papier commence : celui qui est paru (`GET /issues/{number}`) ou "
            "le suivant. Nul : le premier qui paraît une fois l’abonnement commencé.",
            "example": 378,
        },
    )
    copies = Whole(
        least=1,
        most=1000,
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Combien d’exemplaires de chaque numéro envoyer : autant que la formule en a (`copies`) au "
            "plus, et autant sans ce membre.",
            "example": 1,
        },
    )
    gift = Inner(
        GiftBody,
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Pour offrir l’abonnement : la commande, la facture et les courriels vont à l’acheteur ; le "
            "lecteur reçoit un lien qui ouvre l’abonnement, sans prix. Seule une formule `individual` s’offre."
        },
    )
