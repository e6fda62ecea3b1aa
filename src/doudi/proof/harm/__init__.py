"""No harm: does more cost, or more hardship, ever leave somebody worse off than the law admits?"""

from doudi.proof.harm.verdict import Accepted, Amounts, Harm, HarmReport, Overflow, PayerMethod

__all__ = ["Accepted", "Amounts", "Harm", "HarmReport", "Overflow", "PayerMethod"]
