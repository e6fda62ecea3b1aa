"""No harm: more cost or more hardship never leaves anybody worse off, or the bill that shows it."""

from doudi.proof.harm.verdict import Accepted, Amounts, Harm, HarmReport, Overflow, PayerMethod

__all__ = ["Accepted", "Amounts", "Harm", "HarmReport", "Overflow", "PayerMethod"]
