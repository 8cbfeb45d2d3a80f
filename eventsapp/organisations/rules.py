"""What a SIRET looks like, and what is wrong with one, in words."""

import re

from flask_babel import gettext as _
from stdnum.eu import vat
from stdnum.fr import siret as stdnum_siret

from eventsapp.core.texts import fold
from eventsapp.organisations.statuses import CustomerKind

LENGTH = 14


#: What the SIREN of the State and its bodies, of local government and of theirs begins with (INSEE, Sirene).
_PUBLIC = ("1", "2")
#: Words that tell no body from another: the same town hall is « Mairie de Nantes » and « Ville de Nantes ».
_COMMON = frozenset(["mairie", "ville", "commune", "de", "du", "des", "d", "la", "le", "les", "l", "et", "en", "sur"])


def is_public(siret: str, *, pays_by_mandat: bool = False) -> bool:
    """Return whether late payment follows the public procurement code (CCP) or, as for others, the commercial code.

    A few public bodies have a company's SIREN: paying by mandat tells them.
    """
    return pays_by_mandat or siret.startswith(_PUBLIC)


def customer_kind(*, name: str, siret: str, pays_by_mandat: bool = False) -> CustomerKind:
    """Return under which law an order is bought: a person gives neither an organisation nor a SIRET."""
    if is_public(siret, pays_by_mandat=pays_by_mandat):
        return CustomerKind.PUBLIC
    return CustomerKind.COMPANY if siret or name else CustomerKind.PERSON


def compact(text: str) -> str:
    """Return a SIRET without the spaces, dots and dashes that people type."""
    return re.sub(r"[\s.\-\u00a0\u202f]", "", text)


def are_alike(name: str, other: str) -> bool:
    """Return whether two names may be those of one body: the words of one, the common ones aside, are in the other."""
    words, others = (set(re.findall(r"\w+", fold(text) or "")) for text in (name, other))
    told, others_told = words - _COMMON or words, others - _COMMON or others
    return told <= others_told or others_told <= told


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


def vat_number_problem(text: str) -> str | None:
    """Return what to mend in a VAT number of the Union, or ``None`` when it is valid."""
    if vat.is_valid(compact(text).upper()):
        return None
    return str(_("Ce numéro de TVA n’existe pas : il commence par deux lettres, FR pour la France."))
