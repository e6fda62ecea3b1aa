"""The audit trail: who did and saw what, written in the transaction of the act, sealed so that tampering shows."""
