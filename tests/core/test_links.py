"""Links that stay on the site."""

import pytest

from eventsapp.core.links import safe_target


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
