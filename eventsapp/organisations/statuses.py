"""Words for who buys."""

from enum import StrEnum


class CustomerKind(StrEnum):
    """Under which law somebody buys; sales are reported by it (B2C, B2B, B2G)."""

    #: A consumer, who pays alone.
    PERSON = "person"
    COMPANY = "company"
    PUBLIC = "public"
