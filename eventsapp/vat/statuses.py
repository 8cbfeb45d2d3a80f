"""What sort of rate a category of tax has."""

from enum import StrEnum


class VatKind(StrEnum):
    """Which rate the law gives to what is in a category."""

    STANDARD = "standard"
    #: 10 % and 5.5 %: meals, books.
    REDUCED = "reduced"
    #: 2.10 %: the registered press.
    PRESS = "press"
    #: No tax, for a reason that the invoice has to say.
    EXEMPT = "exempt"
