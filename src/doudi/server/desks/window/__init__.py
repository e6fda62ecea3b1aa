"""结算窗口: find a person, see what they are entitled to today. One box, one answer."""
