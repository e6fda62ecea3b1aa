"""结算窗口: find a person, see what they are entitled to today. One box, one answer."""

from doudi.server.desks.window import finance

__all__ = ["finance"]
