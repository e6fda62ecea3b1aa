"""Refusals of access. What a stranger is told never says whether an account exists."""

from __future__ import annotations

from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.words import Words

ASK_SECURITY = Words(
    "如需办理，请联系本单位的安全管理员。", "If you need it, ask your security administrator."
)
ASK_SYSTEM = Words("请联系本单位的系统管理员。", "Ask your system administrator.")


def not_allowed(name: str) -> Forbidden:
    """The actor's roles or place do not allow the operation or query `name`."""
    return Forbidden(
        "not_allowed",
        Words("您的岗位没有这项权限。", "Your role does not allow this."),
        remedy=ASK_SECURITY,
        where=name,
    )


class SignInRefused(Refused):
    """Signing in failed. One sentence for a wrong name, a wrong password, a wrong code and a closed account."""

    status = 401


def wrong() -> SignInRefused:
    """Account, password or code is wrong; which of them is not said."""
    return SignInRefused(
        "sign_in_wrong",
        Words("账号、密码或动态验证码不正确。", "The account, the password or the code is not right."),
        remedy=Words(
            "请核对后重试；忘记密码请联系系统管理员重置。",
            "Check and try again; if you forgot the password, ask the system administrator to reset it.",
        ),
    )


def locked(minutes: int) -> SignInRefused:
    """Too many failures, said alike for names that exist and names that do not."""
    return SignInRefused(
        "sign_in_locked",
        Words("连续失败次数过多，暂时不能登录。", "Too many failures; signing in is closed for a while."),
        remedy=Words(f"请在 {minutes} 分钟后再试。", f"Try again in {minutes} minutes."),
    )


def code_wanted() -> SignInRefused:
    """The password is right and a one-time code is needed beside it."""
    return SignInRefused(
        "sign_in_code",
        Words("请输入动态验证码。", "Enter the one-time code."),
        remedy=Words("验证码在您绑定的手机应用中查看。", "Your authenticator shows it."),
        where="code",
    )


def no_post() -> SignInRefused:
    """Name and password are right, but nothing is granted today."""
    return SignInRefused(
        "sign_in_no_post",
        Words("您的账号目前没有有效的岗位。", "Your account has no valid post at present."),
        remedy=ASK_SECURITY,
    )


def password_refused(code: str, words: Words) -> Refused:
    """A new password that the policy does not take."""
    return Refused(code, words, where="password")


def no_such(kind: Words, where: str) -> NotFound:
    """There is nothing of this kind that the actor administers."""
    return NotFound(
        "absent",
        Words(f"没有找到{kind.zh}。", f"There is no such {kind.en}."),
        remedy=Words(
            "请核对后重试，或确认其在您的管理范围内。", "Check it, and whether it is yours to administer."
        ),
        where=where,
    )


def refused(code: str, zh: str, en: str, *, where: str = "", remedy: Words | None = None) -> Refused:
    """A content that is refused."""
    return Refused(code, Words(zh, en), where=where, remedy=remedy)


def conflict(code: str, zh: str, en: str, *, where: str = "", remedy: Words | None = None) -> Conflict:
    """A contradiction with what is there."""
    return Conflict(code, Words(zh, en), where=where, remedy=remedy)


def second_person(name: str) -> Conflict:
    """The operation needs a second person: it is proposed, not run."""
    return Conflict(
        "needs_second_person",
        Words("此项业务须由另一人审批。", "This needs the approval of a second person."),
        remedy=Words("请提交审批，由审批岗位办理。", "Propose it; an approver will decide."),
        where=name,
    )


class BudgetExceeded(Refused):
    """More was read or exported than a day's work explains."""

    status = 429

    def __init__(self, budget: str, most: int, hours: int) -> None:
        super().__init__(
            "budget_exceeded",
            Words(
                f"已达到 {hours} 小时内 {most} 次（条）的上限，本次操作未执行，已通知审计。",
                f"The limit of {most} within {hours} hours is reached; nothing was done and the auditors were told.",
            ),
            remedy=Words(
                "确因工作需要，请联系安全管理员。", "If your work needs more, ask the security administrator."
            ),
            where=budget,
        )
        self.budget = budget
