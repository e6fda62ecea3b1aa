"""From the forms of a policy to one list of instructions and its plan."""

from __future__ import annotations

from doudi.engine.compile.bill import Compiled, compile_policy

__all__ = ["Compiled", "compile_policy"]
