"""What several resources share: answers, pages of lists, amounts, links."""

from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, fields

from eventsapp.api.web.fields import NumberParameter, Shape
from eventsapp.core.pagination import LAST_PAGE

#: Items on a page unless the address says otherwise, and the most.
PAGE_SIZE = 20
MOST_ON_PAGE = 100


class Answer(Schema):
    """An object that the interface answers with: every member is always there, and others may come."""

    class Meta:
        """What is said of other members."""

        unknown = EXCLUDE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:  # noqa: ARG002 - marshmallow's hook
        field_obj.required = True


class Body(Shape):
    """An object that is sent: nothing else than its members is taken."""

    class Meta:
        """What marshmallow does with other members."""

        unknown = RAISE


class Parameters(Shape):
    """Parameters of an address or headers: others are nobody's business."""

    class Meta:
        """What marshmallow does with other members."""

        unknown = EXCLUDE


class Paging(Parameters):
    """Which page of a list."""

    page = NumberParameter(least=1, most=LAST_PAGE, load_default=1, metadata={"description": "La page, à partir de 1."})
    per_page = NumberParameter(
        least=1, most=MOST_ON_PAGE, load_default=PAGE_SIZE, metadata={"description": "Combien d’éléments par page."}
    )


class ListAnswer(Answer):
    """A page of a list; one beyond the last is empty."""

    page = fields.Integer(metadata={"description": "La page demandée.", "example": 1})
    pages = fields.Integer(metadata={"description": "Combien de pages a la liste, au moins une.", "example": 1})
    total = fields.Integer(metadata={"description": "Combien d’éléments en tout.", "example": 1})


def text(description: str, example: str | None = None, **options: Any) -> fields.String:
    """Return a text of an answer."""
    return fields.String(metadata=_described(description, example), **options)


def cents(description: str, example: int = 62100, **options: Any) -> fields.Integer:
    """Return an amount of an answer, in cents."""
    return fields.Integer(
        metadata={"description": f"{description}, en centimes d’euro.", "example": example}, **options
    )


def vat_rate(example: float = 20.0) -> fields.Float:
    """Return the VAT rate of all of a price, if it has one."""
    return fields.Float(
        allow_none=True,
        metadata={
            "description": "Taux de TVA, en pour cent : `20.0`, `2.1` ; nul quand le prix en réunit plusieurs, que dit "
            "`vat_parts`.",
            "example": example,
        },
    )


class VatPart(Answer):
    """A part of a price, at one rate of VAT."""

    label = fields.String(
        metadata={"description": "Ce que c’est ; vide quand c’est tout le prix.", "example": "Magazine imprimé"}
    )
    vat_rate = fields.Float(metadata={"description": "Taux de TVA, en pour cent.", "example": 2.1})
    exemption_code = fields.String(
        metadata={"description": "Pourquoi la TVA n’est pas due, en code VATEX ; vide sinon.", "example": ""}
    )
    amount_cents = fields.Integer(
        metadata={"description": "Le montant de cette part, TTC, en centimes d’euro.", "example": 12900}
    )


def vat_parts() -> fields.List[Any]:
    """Return what a price is made of."""
    return many(VatPart, "De quoi le prix est fait, taux par taux : une part au moins, leur somme est le prix.")


def url(description: str, example: str, **options: Any) -> fields.String:
    """Return an address of an answer."""
    return fields.String(metadata={"description": description, "format": "uri", "example": example}, **options)


def moment(description: str, example: str, **options: Any) -> fields.AwareDateTime:
    """Return a moment of an answer, with its offset."""
    return fields.AwareDateTime(metadata={"description": description, "example": example}, **options)


def day(description: str, example: str, **options: Any) -> fields.Date:
    """Return a date of an answer."""
    return fields.Date(metadata={"description": description, "example": example}, **options)


def number(description: str, example: int, **options: Any) -> fields.Integer:
    """Return a whole number of an answer."""
    return fields.Integer(metadata=_described(description, example), **options)


def yes_or_no(description: str, *, example: bool) -> fields.Boolean:
    """Return a yes or no of an answer."""
    return fields.Boolean(metadata=_described(description, example))


def word(description: str, words: Any, example: str) -> fields.String:
    """Return one of a few words of an answer."""
    return fields.String(
        metadata={"description": description, "enum": [str(each) for each in words], "example": str(example)}
    )


def many(shape: type[Schema], description: str) -> fields.List[Any]:
    """Return a list of objects of an answer."""
    return fields.List(fields.Nested(shape), metadata={"description": description})


def one(shape: type[Schema], description: str, **options: Any) -> fields.Nested:
    """Return an object of an answer."""
    return fields.Nested(shape, metadata={"description": description}, **options)


def _described(description: str, example: Any) -> dict[str, Any]:
    return {"description": description} if example is None else {"description": description, "example": example}
