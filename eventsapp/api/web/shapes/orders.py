"""Orders: what is sent to place one, and what is told of one. Lengths are those of the site's forms."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from eventsapp.api.web.fields import (
    Code,
    Inner,
    MailAddress,
    OneOf,
    OnlyTrue,
    Several,
    Text,
)
from eventsapp.api.web.shapes.items import CODE_LENGTH, RegistrationBody, SubscriptionBody
from eventsapp.api.web.shapes.parts import (
    Answer,
    Body,
    Parameters,
    cents,
    day,
    many,
    moment,
    number,
    text,
    url,
    vat_parts,
    vat_rate,
    word,
)
from eventsapp.checkout.rules import MOST_ITEMS
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.payments.statuses import CHOOSABLE
from eventsapp.promotions.rules import CODE_LENGTH as PROMO_CODE_LENGTH

#: The longest ``Idempotency-Key``, in characters.
KEY_LENGTH = 100


class OrderHeaders(Parameters):
    """Headers of a new order."""

    idempotency_key = fields.String(
        data_key="Idempotency-Key",
        required=True,
        validate=validate.Regexp(
            rf"[\x21-\x7e]{{1,{KEY_LENGTH}}}\Z",
            error=_l("De 1 à 100 caractères visibles, sans espace : un UUID convient."),
        ),
        error_messages={"required": _l("L’en-tête Idempotency-Key est obligatoire : un UUID convient.")},
        metadata={
            "description": "Une clé de votre choix, propre à cette commande et impossible à deviner : un UUID. La même "
            "clé avec le même corps ne fait jamais une seconde commande.",
            "pattern": rf"^[\x21-\x7e]{{1,{KEY_LENGTH}}}$",
            "example": "0b0a4e0c-6f0e-4b0e-9a39-0d0f6f6f4f3a",
        },
    )


class OrganisationBody(Body):
    """Whom it is billed to."""

    name = Text(
        most=200,
        required=_l("Indiquez l’organisme à facturer."),
        metadata={"description": "Son nom.", "example": "Ville d’Exemple"},
    )
    siret = Text(
        most=30,
        metadata={
            "description": "14 chiffres, vérifiés. Demandé pour un mandat, et pour le tarif d’un organisme abonné.",
            "example": "21750001600019",
        },
    )
    address = Text(
        most=300,
        required=_l("Indiquez l’adresse de facturation."),
        metadata={"description": "La rue.", "example": "1, place de la Mairie"},
    )
    postcode = Text(
        most=10,
        required=_l("Indiquez le code postal."),
        metadata={"description": "Le code postal.", "example": "44000"},
    )
    city = Text(most=100, required=_l("Indiquez la ville."), metadata={"description": "La ville.", "example": "Nantes"})
    service_code = Text(most=100, metadata={"description": "Le code service de Chorus Pro.", "example": "FINANCES"})
    commitment_number = Text(most=50, metadata={"description": "Le numéro d’engagement.", "example": "EJ-2027-0417"})
    vat_number = Text(
        most=20,
        metadata={"description": "Le numéro de TVA, s’il doit figurer sur la facture.", "example": "FR40303265045"},
    )


class CustomerBody(Body):
    """Who orders; the confirmation and the order's link are sent there."""

    email = MailAddress(
        required=_l("Indiquez votre courriel : le lien de la commande y est envoyé."),
        metadata={
            "description": "La confirmation et le lien de la commande y sont envoyés.",
            "example": "finances@ville-exemple.fr",
        },
    )
    first_name = Text(
        most=80, required=_l("Indiquez votre prénom."), metadata={"description": "Son prénom.", "example": "Dominique"}
    )
    last_name = Text(
        most=80, required=_l("Indiquez votre nom."), metadata={"description": "Son nom.", "example": "Martin"}
    )
    organisation = Inner(
        OrganisationBody,
        load_default=None,
        allow_none=True,
        metadata={"description": "Absent ou nul pour quelqu’un qui paie pour soi."},
    )


class OrderBody(Body):
    """An order to be placed."""

    customer = Inner(CustomerBody, required=True, metadata={"description": "Qui commande."})
    payment_method = Code(
        most=CODE_LENGTH,
        required=True,
        metadata={
            "description": "Le code d’un mode proposé : `card` (payée aussitôt, les places sont retenues 30 minutes), "
            "`cheque`, `transfer`, `mandat` (les places sont confirmées aussitôt), et ceux que l’équipe ajoute.",
            "example": "mandat",
        },
    )
    items = Several(
        OneOf({"registration": RegistrationBody, "subscription": SubscriptionBody}),
        least=1,
        most=MOST_ITEMS,
        told=_l("De 1 à 20 lignes par commande."),
        required=True,
        metadata={"description": "Ce qui est commandé ; une même journée n’y figure qu’une fois."},
    )
    promo_code = Text(
        most=PROMO_CODE_LENGTH,
        metadata={
            "description": "Un code promotionnel, en majuscules ou en minuscules ; nul sans code. Ce qu’il retire est "
            "dans `discount_cents` de chaque ligne. Un code qui ne vaut pas ici est refusé (`invalid`, `/promo_code`).",
            "example": None,
        },
    )
    invoice_at = fields.String(
        load_default="",
        validate=validate.OneOf(
            [moment.value for moment in CHOOSABLE], error=_l("Écrivez « order » ou « delivery », ou rien.")
        ),
        metadata={
            "description": "Quand facturer, là où le mode de règlement en laisse le choix : `order`, tout de suite ; "
            "`delivery`, après la dernière journée. Sans lui, comme le mode le dit.",
            "example": "delivery",
        },
    )
    accept_terms = OnlyTrue(
        otherwise=_l("Acceptez les conditions de vente pour commander : true."),
        metadata={"description": "Les conditions de vente sont acceptées.", "example": True},
    )


class FileToGive(Answer):
    """A file that an organiser asks of a participant: it is given on a page, the order stands without."""

    question = text("Le code de la question.", "justificatif")
    label = text("La question.", "Votre arrêté de nomination")
    attendee = text("De qui.", "Claude Roux")
    url = url(
        "La page où qui a commandé le donne, jusqu’à ce que les noms ne changent plus ; la personne le peut aussi par "
        "le lien de sa place.",
        "https://lettre.example/commandes/2027-7K3P-9QXM/aVeryLongSecretOfTheOrder/participants/12/",
    )


class OrderPlaced(Answer):
    """What becomes of an order just placed."""

    reference = text("La référence, à rappeler au règlement.", "2027-7K3P-9QXM")
    status = word("Les places : retenues (`pending`) ou confirmées.", OrderStatus, "confirmed")
    payment_status = word("L’argent.", PaymentStatus, "due")
    total_cents = cents("Le total, TTC")
    vat_cents = cents("La TVA comprise dans le total", 10350)
    order_url = url(
        "La page de la commande. Qui a cette adresse voit tout et peut payer : elle finit par le secret de la "
        "commande, à garder.",
        "https://lettre.example/commandes/2027-7K3P-9QXM/aVeryLongSecretOfTheOrder/",
    )
    checkout_url = fields.String(
        allow_none=True,
        metadata={
            "description": "Pour une carte, la page de paiement de Stripe. Nulle sinon, et quand Stripe se tait : "
            "la page de la commande a alors un bouton pour payer.",
            "format": "uri",
            "example": None,
        },
    )
    expires_at = moment(
        "Jusqu’à quand les places sont retenues sans paiement.", "2027-01-12T10:30:00+00:00", allow_none=True
    )
    files_to_give = many(FileToGive, "Les fichiers que l’organisateur demande aux participants, à donner sur le site.")


class OrderLine(Answer):
    """Something bought."""

    label = text("Ce que c’est.", "Mutualiser les services, Angers, 24 février 2027 – tarif non-abonné")
    detail = text("Pour qui.", "Claude Roux")
    quantity = number("Combien.", 1)
    unit_price_cents = cents("Le prix d’une unité, TTC")
    vat_rate = vat_rate()
    vat_parts = vat_parts()
    discount_cents = cents("Ce qu’un code promotionnel retire de la ligne, TTC", 0)
    total_cents = cents("Le total de la ligne, TTC, remise déduite")


class OrderPayment(Answer):
    """Money that came in."""

    method = text("Comment.", "transfer")
    amount_cents = cents("Le montant")
    received_on = day("Quand.", "2027-01-20")


class OrderRefund(Answer):
    """Money that went back."""

    method = text("Comment.", "transfer")
    amount_cents = cents("Le montant")
    refunded_on = day("Quand.", "2027-02-01")


class OrderInvoice(Answer):
    """An invoice of the order."""

    number = text("Son numéro.", "F-1")
    pdf_url = url("Le PDF.", "https://lettre.example/commandes/2027-7K3P-9QXM/secret/factures/F-1.pdf")
    xml_url = url("Les données Factur-X.", "https://lettre.example/commandes/2027-7K3P-9QXM/secret/factures/F-1.xml")


class OrderTicket(Answer):
    """The ticket of somebody's confirmed seat."""

    code = text("Ce que porte son code QR : rien de personnel.", "Zk3vV0yQ4mX1c9wJb7nT2A")
    name = text("À qui est la place.", "Claude Roux")
    study_day = text("Le `slug` de la journée.", "angers-2027")
    page_url = url(
        "La page de la personne, pour elle seule ; nulle pour un jeton de l’équipe.",
        "https://lettre.example/inscriptions/secret/",
        allow_none=True,
    )
    pdf_url = url(
        "Le billet ; nul pour un jeton de l’équipe.",
        "https://lettre.example/inscriptions/secret/billet.pdf",
        allow_none=True,
    )


class Order(Answer):
    """An order: where its seats and its money stand."""

    reference = text("La référence.", "2027-7K3P-9QXM")
    status = word("Les places.", OrderStatus, "confirmed")
    payment_status = word("L’argent.", PaymentStatus, "due")
    payment_method = text("Le mode de règlement.", "mandat")
    placed_at = moment("Quand elle a été passée.", "2027-01-12T10:00:00+00:00")
    expires_at = moment(
        "Jusqu’à quand les places sont retenues sans paiement.", "2027-01-12T10:30:00+00:00", allow_none=True
    )
    due_on = day("Jusqu’à quand le règlement est attendu.", "2027-02-11", allow_none=True)
    total_cents = cents("Le total, TTC")
    vat_cents = cents("La TVA comprise dans le total", 10350)
    paid_cents = cents("Ce qui a été payé", 0)
    refunded_cents = cents("Ce qui a été rendu", 0)
    credited_cents = cents("Ce qui a été annulé ou repris par un avoir, TTC", 0)
    balance_cents = cents("Ce qui reste dû ; négatif quand trop a été payé")
    lines = many(OrderLine, "Ce qui est commandé.")
    payments = many(OrderPayment, "Les règlements reçus, par date.")
    refunds = many(OrderRefund, "Les remboursements.")
    invoices = many(OrderInvoice, "Les factures et avoirs dont les fichiers sont faits.")
    terms_version = fields.Integer(
        allow_none=True,
        metadata={"description": "La version des conditions de vente acceptée ; 0 : le texte proposé.", "example": 3},
    )
    tickets = many(OrderTicket, "Les billets des places confirmées dont on sait à qui elles sont.")


EXAMPLE_BODY: dict[str, Any] = {
    "customer": {
        "email": "finances@ville-exemple.fr",
        "first_name": "Dominique",
        "last_name": "Martin",
        "organisation": {
            "name": "Ville d’Exemple",
            "siret": "21750001600019",
            "address": "1, place de la Mairie",
            "postcode": "44000",
            "city": "Nantes",
            "service_code": "FINANCES",
            "commitment_number": "EJ-2027-0417",
        },
    },
    "payment_method": "mandat",
    "invoice_at": "order",
    "items": [
        {
            "type": "registration",
            "study_day": "angers-2027",
            "attendees": [
                {
                    "first_name": "Claude",
                    "last_name": "Roux",
                    "email": "claude.roux@ville-exemple.fr",
                    "job_title": "directrice des finances",
                    "rate": "subscriber",
                    "answers": {},
                }
            ],
        },
        {
            "type": "subscription",
            "plan": "individuel-un-an",
            "delivery": {
                "name": "Claude Roux",
                "address": "1, place de la Mairie",
                "postcode": "44000",
                "city": "Nantes",
            },
        },
    ],
    "promo_code": None,
    "accept_terms": True,
}
