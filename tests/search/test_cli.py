"""Commands of the search."""

import pytest
from flask import Flask

from eventsapp.search import queries
from tests.support.makers.study_days import make_study_day


@pytest.mark.usefixtures("transaction")
def test_the_index_is_made_anew(app: Flask) -> None:
    make_study_day(title="Piscines")

    result = app.test_cli_runner().invoke(args=["search", "rebuild"])

    assert (result.exit_code, result.output) == (0, "1 entries\n")
    assert queries.find("piscine").page.total == 1
