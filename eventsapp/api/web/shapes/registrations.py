"""Participants of a day, for its organisers."""

from marshmallow import fields

from eventsapp.api.web.shapes.parts import Answer, ListAnswer, many, text, word
from eventsapp.registrations.statuses import SEATED


class Participant(Answer):
    """One person's seat."""

    first_name = text("Son prénom.", "Claude")
    last_name = text("Son nom.", "Roux")
    email = text("Son courriel.", "claude.roux@ville-exemple.fr")
    job_title = text("Sa fonction.", "directrice des finances")
    organisation = text("L’organisme facturé, s’il y en a un.", "Ville d’Exemple")
    status = word("Sa place.", sorted(SEATED), "confirmed")
    rate = text("Le `code` de son tarif.", "standard")
    order_reference = text("La commande qui a pris la place.", "2027-7K3P-9QXM")
    answers = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "Ses réponses : vides tant qu’aucune question n’est posée.", "example": {}},
    )


class ParticipantList(ListAnswer):
    """Everybody who has a seat, on one page."""

    items = many(Participant, "Les personnes, par nom ; les places annulées n’y sont pas.")
