"""What a SIRET looks like, and what is wrong with one, in words."""

import re

from flask_babel import gettext as _
from stdnum.fr import siret as stdnum_siret

LENGTH = 14


def compact(text: str) -> str:
    """Return a SIRET without the spaces, dots and dashes that people type."""
    return re.sub(r"[\s.\-\u00a0\u202f]", "", text)


def siret_problem(text: str) -> str | None:
    """Return what to mend in a SIRET, or ``None`` when it is valid (Luhn, with La Poste's exception)."""
    number = compact(text)
    if not number.isascii() or not number.isdecimal():
        return str(_("Le SIRET ne comporte que des chiffres."))
    missing = LENGTH - len(number)
    if missing > 0:
        return str(_("Le SIRET compte 14 chiffres ; il en manque %(count)s.", count=missing))
    if missing < 0:
        return str(_("Le SIRET compte 14 chiffres ; il y en a %(count)s de trop.", count=-missing))
    if not stdnum_siret.is_valid(number):
        return str(_("Ce SIRET n’existe pas : un chiffre est sans doute mal recopié."))
    return None
