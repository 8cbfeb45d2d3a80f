"""The payment sandbox: a small server that speaks the part of Stripe's HTTP API which the gateway uses."""

from eventsapp.demo.sandbox.app import create_sandbox
from eventsapp.demo.sandbox.sandbox import Sandbox
from eventsapp.demo.sandbox.server import RunningSandbox, running_sandbox

__all__ = ["RunningSandbox", "Sandbox", "create_sandbox", "running_sandbox"]
