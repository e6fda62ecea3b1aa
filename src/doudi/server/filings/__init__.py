"""备案: referral, special outpatient disease, chosen institution, accident."""
