"""The application with pages that escape nothing, for control runs: a detector that finds nothing here is blind."""

from eventsapp.factory import create_app

app = create_app()
app.jinja_env.autoescape = False
