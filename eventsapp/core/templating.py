"""How templates are set up."""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment as FlaskEnvironment


class Environment(FlaskEnvironment):
    """Flask's, whose templates share its globals: none has any of its own.

    Jinja puts a layer for those before each template's, and goes through it name by name at every import and include.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals
