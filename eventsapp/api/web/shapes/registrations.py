"""Participants of a day, for its organisers."""

from marshmallow import fields

from eventsapp.api.web.shapes.parts import Answer, ListAnswer, many, text, word, yes_or_no
from eventsapp.registrations.statuses import SEATED


class Participant(Answer):
    """One person's seat."""

    first_name = text("Son prénom ; vide tant que la place est à nommer.", "Claude")
    last_name = text("Son nom ; vide tant que la place est à nommer.", "Roux")
    email = text("Son courriel ; vide tant que la place est à nommer.", "claude.roux@ville-exemple.fr")
    named = yes_or_no("Si l’on sait à qui est la place.", example=True)
    code = text("Le code de son billet ; vide tant que la place n’est pas confirmée.", "Zk3vV0yQ4mX1c9wJb7nT2A")
    job_title = text("Sa fonction.", "directrice des finances")
    organisation = text("L’organisme facturé, s’il y en a un.", "Ville d’Exemple")
    status = word("Sa place.", sorted(SEATED), "confirmed")
    rate = text("Le `code` de son tarif.", "standard")
    order_reference = text("La commande qui a pris la place.", "2027-7K3P-9QXM")
    answers = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(),
        metadata={
            "description": "Ses réponses aux questions de la journée, par leur `code`, sans celles qui sont réservées.",
            "example": {"repas": "Végétarien"},
        },
    )


class ParticipantList(ListAnswer):
    """Everybody who has a seat, on one page."""

    items = many(Participant, "Les personnes, par nom ; les places annulées n’y sont pas.")
