"""What the rules of addresses hand back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """An address as it stands on a label."""

    lines: tuple[str, ...]
    #: Whether nothing had to be cut off.
    fits: bool
