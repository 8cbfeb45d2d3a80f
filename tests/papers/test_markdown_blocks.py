import json
from typing import Any

import pytest

from eventsapp.core.markdown import parser, to_html
from eventsapp.papers.markdown_blocks import MAX_DEPTH, Block, blocks, from_text, pictures

BASE = "https://exemple.fr/articles/la-mutualisation/"


def text(said: str) -> dict[str, Any]:
    return {"kind": "text", "text": said}


def paragraph(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "paragraph", "runs": list(runs)}


def only(markdown: str) -> Any:
    (block,) = from_text(markdown, base_url=BASE)
    return block


def heading_levels(read: list[Block]) -> list[object]:
    return [block["level"] for block in read if block["kind"] == "heading"]


def test_a_paragraph_is_its_runs() -> None:
    assert only("Un *texte* **fort**, `a = 1`\net la suite.") == paragraph(
        text("Un "),
        {"kind": "emphasis", "runs": [text("texte")]},
        text(" "),
        {"kind": "strong", "runs": [text("fort")]},
        text(", "),
        {"kind": "code", "text": "a = 1"},
        text(" et la suite."),
    )


def test_a_line_break_is_kept() -> None:
    assert only("un\\\ndeux") == paragraph(text("un"), {"kind": "break"}, text("deux"))


def test_lists_keep_their_items_and_their_first_number() -> None:
    assert only("- un\n- deux") == {"kind": "list", "items": [[paragraph(text("un"))], [paragraph(text("deux"))]]}
    assert only("4. un\n5. deux")["start"] == 4


def test_a_table_has_its_head_its_rows_and_how_they_stand() -> None:
    assert only("| Territoire | Agents |\n| --- | --: |\n| Communauté urbaine | 312 |\n") == {
        "kind": "table",
        "aligns": ["left", "right"],
        "widths": [18, 0],
        "head": [[text("Territoire")], [text("Agents")]],
        "rows": [[[text("Communauté urbaine")], [text("312")]]],
    }


def test_a_table_of_short_cells_still_fills_the_line() -> None:
    assert only("| a | b |\n| --- | --- |\n| 1 | 2 |\n")["widths"] == [0, 1]


def test_a_box_has_a_label_a_title_and_blocks() -> None:
    assert only("::: box Doc-Doc | Ce que dit la loi\nTrois articles.\n:::") == {
        "kind": "box",
        "label": "Doc-Doc",
        "title": "Ce que dit la loi",
        "level": 2,
        "blocks": [paragraph(text("Trois articles."))],
    }


def test_quotes_and_pull_quotes_are_not_the_same() -> None:
    assert only("> dit-il")["kind"] == "quote"
    assert only("::: quote\nCinq territoires.\n:::") == {
        "kind": "pull_quote",
        "blocks": [paragraph(text("Cinq territoires."))],
        "by": [],
    }
    said = only("::: quote [Anne](/intervenants/anne/), élue\nCinq.\n:::")
    assert [run["kind"] for run in said["by"]] == ["link", "text"]


def test_an_image_leaves_nothing_as_on_the_pages() -> None:
    assert from_text("![La salle du conseil](salle.jpg)") == []
    assert only("Voir ![le plan](plan.png)ici.") == paragraph(text("Voir ici."))
    assert "plan" not in to_html("Voir ![le plan](plan.png)ici.")


def test_code_and_rules_are_blocks() -> None:
    assert from_text("```\na\n  b\n```\n\n---") == [{"kind": "code", "text": "a\n  b"}, {"kind": "rule"}]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://autre.fr/page", "https://autre.fr/page"),
        ("/journees/", "https://exemple.fr/journees/"),
        ("#notes", f"{BASE}#notes"),
        ("mailto:redaction@exemple.fr", "mailto:redaction@exemple.fr"),
    ],
)
def test_an_address_is_complete(written: str, address: str) -> None:
    assert only(f"[lien]({written})") == paragraph({"kind": "link", "address": address, "runs": [text("lien")]})


@pytest.mark.parametrize("written", ["ftp://a.b/c", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_an_address_that_a_paper_must_not_carry_is_no_link(written: str) -> None:
    assert "'link'" not in str(only(f"[lien]({written})"))
    assert "lien" in str(only(f"[lien]({written})"))


def test_a_relative_address_without_base_keeps_its_words() -> None:
    assert from_text("[la journée](/journees/)") == [paragraph(text("la journée"))]


@pytest.mark.parametrize(
    ("markdown", "levels"),
    [
        ("## a\n\n### b\n\n#### c\n\n## d", [2, 3, 4, 2]),
        ("# a\n\n# b", [2, 2]),
        ("#### a\n\n### b\n\n###### c", [2, 3, 4]),
        ("### a\n\n## b\n\n#### c", [2, 2, 3]),
    ],
)
def test_no_heading_level_is_skipped(markdown: str, levels: list[int]) -> None:
    assert heading_levels(from_text(markdown)) == levels


def test_headings_of_a_box_are_below_its_title_and_the_text_goes_on_where_it_was() -> None:
    read = from_text("## a\n\n::: box B\n# dans\n\n# aussi\n:::\n\n### c")

    box: Any = read[1]
    assert box["level"] == 3
    assert heading_levels(box["blocks"]) == [4, 4]
    assert heading_levels(read) == [2, 3]


def test_raw_html_is_text() -> None:
    assert only("<script>alert(1)</script>") == paragraph(text("<script>alert(1)</script>"))


@pytest.mark.parametrize("markdown", ["> " * 15 + "fond", "- " * 9 + "fond", "**_" * 9 + "fond" + "_**" * 9])
def test_what_lies_too_deep_keeps_its_words(markdown: str) -> None:
    read = from_text(markdown)

    assert "fond" in str(read)
    assert depth(read) <= 2 * (MAX_DEPTH + 2)


def depth(value: object) -> int:
    """Return how many wrappings lie around the innermost text."""
    if isinstance(value, dict):
        return 1 + max((depth(inner) for inner in value.values()), default=0)
    return max((depth(inner) for inner in value), default=0) if isinstance(value, list) else 0


def test_blocks_are_what_json_carries() -> None:
    read = from_text("# a\n\n- b\n\n| c |\n| - |\n| d |\n\n::: box\ne\n:::")

    assert json.loads(json.dumps(read)) == read
    assert blocks(parser().parse("# a\n\n- b\n\n| c |\n| - |\n| d |\n\n::: box\ne\n:::")) == read


def test_notes_are_called_in_the_text_and_listed_after_it() -> None:
    first, notes = from_text("Un[^x] mot.\n\n[^x]: La *note*.")

    assert first["runs"] == [text("Un"), {"kind": "call", "text": "1"}, text(" mot.")]
    assert notes == {
        "kind": "notes",
        "items": [[paragraph(text("La "), {"kind": "emphasis", "runs": [text("note")]}, text("."))]],
    }


def test_a_picture_of_ours_is_a_block_wherever_it_lies() -> None:
    key = "k" * 32
    read = from_text(f'::: box Encadré\n![Un beffroi](/fichiers/{key}/9x9.png "Angers")\n:::')

    assert list(pictures(read)) == [{"kind": "picture", "key": key, "alt": "Un beffroi", "caption": "Angers"}]
