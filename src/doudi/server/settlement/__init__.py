"""结算: bills put before the law, once; holds, reversal, re-adjudication; what the patient owes."""
