"""`doudi policy schema`: the JSON Schema with which editors complete and check a policy."""

from __future__ import annotations

from argparse import Namespace

from doudi.cli.arguments import EXIT_OK
from doudi.cli.screen import Screen
from doudi.policy.schema import policy_schema


def run(options: Namespace, screen: Screen) -> int:  # noqa: ARG001  # every command has these
    """Print the schema."""
    screen.json(policy_schema())
    return EXIT_OK
