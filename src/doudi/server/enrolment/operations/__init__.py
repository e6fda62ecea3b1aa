"""Writes of enrolment: enrol, pay, lapse, refund, correct; and the same reaching further back, with four eyes."""
