"""Runs the sandbox's command line."""

import sys

from eventsapp.demo.sandbox.cli import main

sys.exit(main())
