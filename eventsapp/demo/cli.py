"""Commands about the demonstration."""

import click
from flask import Flask

from eventsapp.core import clock, settings
from eventsapp.core.errors import Refusal
from eventsapp.core.links import absolute
from eventsapp.demo import queries, service
from eventsapp.demo.service import Step

#: The card that the payment sandbox accepts at once.
_CARD = "4242 4242 4242 4242"

demo = click.Group("demo", help="The demonstration: made-up days, articles and orders around the day at Angers.")


@demo.command("load")
@click.option("--if-empty", is_flag=True, help="Only where there is neither a study day nor anybody who signs in.")
def load(*, if_empty: bool) -> None:
    """Load the demonstration, dated from today; what is there already stays as it is."""
    chosen = settings.current()
    if if_empty and not queries.is_empty():
        return
    if chosen.production:
        raise click.ClickException(
            f"demo load is for a machine of one's own: PUBLIC_URL is {chosen.public_url}, and everybody knows the "
            "demonstration's passwords."
        )
    made = 0
    with click.progressbar(
        service.steps(now=clock.now()), label="Loading the demonstration", item_show_func=_shown, width=24
    ) as bar:
        for step in bar:
            try:
                made += step.run()
            except Refusal as refusal:
                raise click.ClickException(f"{step.about}: {refusal.message}") from refusal
    click.echo(f"Demonstration loaded: {made} things." if made else "The demonstration is there already: no change.")


@demo.command("hints")
def hints() -> None:
    """Say who may sign in to the demonstration; nothing where it is not loaded."""
    people = service.team()
    if not people:
        return
    width = max(len(person.email) for person in people)
    click.echo(f"\nDemonstration: sign in at {absolute('accounts.sign_in', locale='fr')}")
    click.echo(f"with the password {service.PASSWORD} as")
    for person in people:
        click.echo(f"  {person.email:<{width}}  {person.role} ({person.name})")
    name, siret = service.subscribed_siret()
    click.echo(f"The SIRET {siret} ({name}, which does not exist) opens the subscriber rate.")
    if settings.current().stripe_api_base.startswith("http://127.0.0.1"):
        click.echo(f"The card {_CARD} pays in the sandbox; no money moves.")


def init_app(app: Flask) -> None:
    """Add the commands to ``app``."""
    app.cli.add_command(demo)


def _shown(step: Step | None) -> str | None:
    return step.about if step else None
