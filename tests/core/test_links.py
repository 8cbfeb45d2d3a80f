"""Links that stay on the site, and those that open what they name."""

import pytest

from eventsapp.core.links import safe_target, without_secrets
from eventsapp.core.references import new_secret


@pytest.mark.parametrize("path", ["/", "/journees/?q=a%20b", "/compte/#x"])
def test_a_path_of_the_site_is_kept(path: str) -> None:
    assert safe_target(path, otherwise="/x") == path


@pytest.mark.parametrize(
    "target",
    [
        "", None, "//evil.test", "///evil.test", "/\\evil.test", "http://evil.test", "http:///evil.test",
        "javascript:alert(1)", "\\/evil.test", "/a\\b", "/\tevil", "/\n/evil.test", " /evil", "evil",
    ],
)  # fmt: skip
def test_what_could_leave_the_site_is_not(target: str | None) -> None:
    assert safe_target(target, otherwise="/x") == "/x"


@pytest.mark.parametrize(
    "address",
    [
        "https://lettre.example/inscriptions/{}/",
        "https://lettre.example/en/inscriptions/{}/billet.pdf",
        '<a href="https://lettre.example/commandes/2027-7K3P-9QXM/{}/participants/?a=1&amp;b=2">',
        "Votre page (https://lettre.example/attente/{}), et la suite.",
        "/abonnements/renouveler/{}/",
        "https://lettre.example/messages/refuser/{}/",
        "https://lettre.example/lettre/{}/quitter/",
        "https://lettre.example/en/lettre/confirmer/{}/",
    ],
)
@pytest.mark.usefixtures("transaction")
def test_the_secret_of_a_private_address_is_masked(address: str) -> None:
    assert without_secrets(address.format(new_secret())) == address.format("***")


@pytest.mark.parametrize(
    "text",
    [
        "https://lettre.example/journees/deontologie-des-elus-et-conflits-d-interets/",
        "https://lettre.example/organisation/commandes/2027-7K3P-9QXM/annuler/",
        "Inscriptions/places : voir /inscriptions/",
    ],
)
@pytest.mark.usefixtures("transaction")
def test_other_addresses_are_left_as_they_are(text: str) -> None:
    assert without_secrets(text) == text
