"""Writes of recognition: recognise, end, correct; and the same reaching further back, with four eyes."""
