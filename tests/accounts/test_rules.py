"""Passwords and codes."""

import re

import pytest

from eventsapp.accounts import rules
from eventsapp.accounts.errors import WeakPassword


@pytest.mark.parametrize(
    "password", ["onze.caract", "a" * 40, "abababababababab", "martine.duval1", "MARTINE.DUVAL-2026", "x" * 129]
)
def test_a_password_easy_to_guess_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        rules.require_good_password(password, email="martine.duval@exemple.fr")


@pytest.mark.parametrize(
    "password", ["douze.caract", "quatre mots au hasard", "martine.duval aime les kiwis", "é" + "à1b2c3d4e5f"]
)
def test_a_long_and_varied_password_passes(password: str) -> None:
    rules.require_good_password(password, email="martine.duval@exemple.fr")


def test_a_code_has_eight_digits_and_changes() -> None:
    codes = {rules.new_code() for _ in range(50)}

    assert all(re.fullmatch(r"\d{8}", code) for code in codes)
    assert len(codes) == 50


def test_a_code_is_read_through_the_spaces_people_type() -> None:
    assert rules.typed_code(" 1234 5678\u00a0") == "12345678"
