"""The application, for any WSGI server: ``gunicorn app:app``."""

from eventsapp.factory import create_app

app = create_app()
