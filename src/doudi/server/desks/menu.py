"""The menus of the desks, as data. A line is shown only to whom its page is open."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from doudi.server.access.api import Role, allowed
from doudi.server.desks.pages import PAGES, SIGNED_IN
from doudi.server.kernel.actor import Actor
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the menu: a page by its address name, and the icon beside it."""

    page: str
    words: Words
    icon: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line with its address, as the template shows it."""

    words: Words
    address: str
    icon: str


LINES: tuple[Line, ...] = (
    Line("window.home", Words("结算窗口", "Window"), "window"),
    Line("window.settlements", Words("本机构结算", "Settlements"), "folder"),
    Line("window.finance", Words("应收款", "Owed to us"), "coins"),
    Line("window.debts", Words("患者欠费", "Debts"), "debt"),
    Line("county.home", Words("待办", "Inbox"), "inbox"),
    Line("oversight.home", Words("监管", "Oversight"), "chart"),
    Line("county.settlements", Words("结算", "Settlements"), "receipt"),
    Line("county.holds", Words("额度占用", "Holds"), "lock"),
    Line("county.people", Words("人员", "People"), "people"),
    Line("county.households", Words("家庭户", "Households"), "house"),
    Line("county.recognitions", Words("身份认定", "Recognition"), "badge"),
    Line("county.enrolments", Words("参保", "Enrolment"), "shield"),
    Line("county.filings", Words("备案", "Filings"), "folder"),
    Line("county.imports", Words("导入", "Imports"), "import"),
    Line("county.facilities", Words("定点机构", "Facilities"), "hospital"),
    Line("county.funds", Words("基金与支付方", "Funds"), "coins"),
    Line("county.ledger", Words("资金台账", "Ledger"), "ledger"),
    Line("county.floats", Words("周转金", "Floats"), "float"),
    Line("county.periods", Words("会计期间", "Periods"), "calendar"),
    Line("county.debts", Words("欠费与分期", "Debts"), "debt"),
    Line("county.cases", Words("个案处理", "Cases"), "case"),
    Line("county.policies", Words("执行政策", "Policies"), "book"),
    Line("trail.home", Words("审计轨迹", "Audit trail"), "eye"),
    Line("trail.verify", Words("完整性校验", "Verification"), "seal"),
    Line("admin.users", Words("账号", "Accounts"), "key"),
    Line("admin.reviews", Words("复核", "Reviews"), "check"),
)


HOMES: dict[Role, str] = {
    Role.OVERSIGHT: "oversight.home",
    Role.AUDIT: "trail.home",
    Role.AUDIT_ADMIN: "trail.home",
    Role.SYSTEM_ADMIN: "admin.users",
    Role.SECURITY_ADMIN: "admin.users",
}
"""Where a desk begins when it is not the first line of its menu."""


def home_of(actor: Actor) -> str | None:
    """The address of the page the actor's desk begins with; None where no page is open to them."""
    menu = menu_of(actor)
    begins = {reverse(name) for role, name in HOMES.items() if role in actor.roles and name in PAGES}
    return next(
        (entry.address for entry in menu if entry.address in begins), menu[0].address if menu else None
    )


def menu_of(actor: Actor | None) -> tuple[Entry, ...]:
    """The lines whose pages exist and are open to `actor`, in the order above."""
    if actor is None:
        return ()
    entries = []
    for line in LINES:
        rule = PAGES.get(line.page)
        if rule is None or (rule != SIGNED_IN and not allowed(rule, actor)):
            continue
        try:
            entries.append(Entry(line.words, reverse(line.page), line.icon))
        except NoReverseMatch:  # pragma: no cover - a page that needs facts cannot stand in a menu
            continue
    return tuple(entries)
