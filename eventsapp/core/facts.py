"""How texts that the owner of the site writes are filled in with what the settings know."""

import re
from collections.abc import Mapping

from eventsapp.core import settings

#: What stands for a fact that only the publisher knows.
OPEN = "à renseigner"
#: The same, in each language.
MISSING = {"fr": OPEN, "en": "to be completed"}
_NAME = re.compile(r"\[\[([^\[\]\n]{1,60})\]\]")
#: What Markdown could take for markup.
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>&~])")


def known() -> dict[str, str]:
    """Return what the settings say of the site and its publisher, by the names that texts may use."""
    chosen = settings.current()
    return {
        "site_name": chosen.site_name,
        "contact_email": chosen.mail_from,
        "seller_name": chosen.seller.name,
        "seller_address": chosen.seller.address,
        "seller_siret": chosen.seller.siret,
        "seller_vat_number": chosen.seller.vat_number,
    }


def fill(text: str, facts: Mapping[str, str], *, missing: str) -> str:
    """Return the text with each ``[[name]]`` replaced by what ``facts`` say, shown literally.

    ``missing`` stands for facts that are empty or that nobody has written yet. A name that means nothing stays.
    """

    def replace(match: re.Match[str]) -> str:
        name = match[1]
        if name != OPEN and name not in facts:
            return match[0]
        value = " ".join(facts.get(name, "").split())
        return _MARKUP.sub(r"\\\1", value) if value else f"*{missing}*"

    return _NAME.sub(replace, text)


def open_points(text: str, facts: Mapping[str, str]) -> int:
    """Return how many facts of the text nobody has written yet."""
    return sum(1 for name in _NAME.findall(text) if name == OPEN or (name in facts and not facts[name].strip()))


def title_and_body(text: str) -> tuple[str, str]:
    """Return the title of a shipped text, which is its first line, and the rest."""
    first, _, rest = text.partition("\n")
    return first.removeprefix("#").strip(), rest.strip() + "\n"
