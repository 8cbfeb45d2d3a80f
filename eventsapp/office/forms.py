"""What forms of the office have in common: the version that was read, and choices to tick."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget


class VersionedForm(FlaskForm):
    """A form about something that somebody else may be changing."""

    version = HiddenField()

    @property
    def read_version(self) -> int:
        """The version that was read; none that exists when the field is missing or was tampered with."""
        text = self.version.raw_data[0] if self.version.raw_data else ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class Ticks(SelectMultipleField):
    """Several choices, as boxes; ``ticks`` of ``office/forms.html`` draws them."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
