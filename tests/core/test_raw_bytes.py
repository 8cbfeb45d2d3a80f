"""Addresses with raw bytes in their query are read, not answered by an error."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("query", ["q=\xff\xfe", "q=%FF%FE", "q=caf\xe9", "page=\xff", "q=a b"])
def test_a_raw_byte_in_an_address_breaks_no_page(client: FlaskClient, query: str) -> None:
    answer = client.get("/recherche/", environ_overrides={"QUERY_STRING": query})

    assert answer.status_code == 200


def test_raw_utf_8_is_read_as_what_it_says(client: FlaskClient) -> None:
    raw = "q=é".encode().decode("latin-1")

    answer = client.get("/recherche/", environ_overrides={"QUERY_STRING": raw})

    assert 'value="é"' in answer.text
