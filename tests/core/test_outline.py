"""What is told to the writer of a text."""

import pytest
from flask import Flask

from eventsapp.core import outline

KEY = "k" * 32


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Un texte.\n\n## Un\n\n### Un bis\n\n## Deux\n\nFin.", []),
        ("# Titre", ["«\u00a0Titre\u00a0»\u00a0: un dièse"]),
        ("### Trop bas", ["«\u00a0Trop bas\u00a0» saute un niveau\u00a0: il lui faut ##."]),
        ("## Un\n\n#### Trop bas\n\n## Deux", ["«\u00a0Trop bas\u00a0» saute un niveau\u00a0: il lui faut ###."]),
        ("##\n\nTexte", ["Un intertitre est vide."]),
        ("Titre\n=====", ["«\u00a0Titre\u00a0»\u00a0: un dièse"]),
        ("![](https://ailleurs.example/a.png)", ["Une image d’un autre site"]),
        (f"![](/fichiers/{KEY}/9x9.png)", ["Une image n’est pas décrite"]),
        ("Un[^1].", ["L’appel [^1] n’a pas de note"]),
        ("Un.\n\n[^1]: Perdue.", ["La note [^1] n’est appelée nulle part"]),
        ("Un[^1].\n\n[^1]: Là.", []),
    ],
)
def test_remarks(app: Flask, text: str, told: list[str]) -> None:
    with app.app_context():
        remarks = outline.remarks(text)

    assert len(remarks) == len(told)
    assert all(remark.startswith(beginning) for remark, beginning in zip(remarks, told, strict=True))


def test_images_without_words_are_counted() -> None:
    assert outline.undescribed_images(f"![](/fichiers/{KEY}/9x9.png) ![b](/fichiers/{KEY}/9x9.png)") == 1
