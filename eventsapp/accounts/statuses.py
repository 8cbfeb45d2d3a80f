"""The roles of the team."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class RoleName(StrEnum):
    """The roles of the team."""

    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    EDITOR = "editor"
    ACCOUNTANT = "accountant"
    DOOR = "door"


#: How a role is called in lists.
ROLE_LABELS: dict[RoleName, str] = {
    RoleName.ADMINISTRATOR: _l("administration"),
    RoleName.ORGANISER: _l("organisation"),
    RoleName.EDITOR: _l("rédaction"),
    RoleName.ACCOUNTANT: _l("comptabilité"),
    RoleName.DOOR: _l("accueil"),
}
