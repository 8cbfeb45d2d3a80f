"""The line under the title of an article: who wrote it, when, in which number."""

import re

import pytest
from flask.testing import FlaskClient

from tests.support.makers.magazine import make_article


@pytest.mark.parametrize("byline", ["la rédaction", ""])
def test_no_part_of_the_line_begins_with_a_dot(client: FlaskClient, byline: str) -> None:
    make_article(slug="angers", byline=byline)

    page = client.get("/articles/angers/").text

    [line] = re.findall(r'<div class="byline">(.*?)</div>', page, re.DOTALL)
    # What is broken to the next line, or hidden on phones, leaves no dot at a beginning.
    parts = re.split(r'<span class="(?:between|quiet)">', re.sub(r'<span class="between">.*?</span>', "", line))
    assert [part for part in parts if re.sub(r"<[^>]*>|&nbsp;|\s", "", part).startswith("·")] == []
    assert len(re.findall(r"(?<!&nbsp;)·", line)) == 0
    assert ('class="between"' in line) is bool(byline)
