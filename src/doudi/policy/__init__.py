"""Reads the law: YAML files into typed policies, with their lines, sources and inheritance.

Names are loaded when first used, so that reading a message costs no more than the message.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doudi.policy.library import Library, Policy
    from doudi.policy.problems import PolicyError, Problem, Where
    from doudi.policy.schema import policy_schema

_HOMES = {
    "Library": "library",
    "Policy": "library",
    "PolicyError": "problems",
    "Problem": "problems",
    "Where": "problems",
    "policy_schema": "schema",
}

__all__ = ["Library", "Policy", "PolicyError", "Problem", "Where", "policy_schema"]


def __getattr__(name: str) -> object:
    """One of the public names."""
    if name not in _HOMES:
        raise AttributeError(f"doudi.policy has no {name}")
    return getattr(import_module(f"doudi.policy.{_HOMES[name]}"), name)
