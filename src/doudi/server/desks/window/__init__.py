"""结算窗口: find a person, see what they are entitled to today. One box, one answer."""

from doudi.server.desks.window import debts, finance

__all__ = ["debts", "finance"]
