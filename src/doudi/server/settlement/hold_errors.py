"""Refusals of holds: what is wrong, how much is free, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from doudi.money import Fen, format_yuan_en, format_yuan_zh
from doudi.server.kernel.errors import Conflict, NotFound, Refused
from doudi.server.settlement.data_holds import HOLD_STATES, HoldState
from doudi.words import Words, did_you_mean


def unknown_hold() -> NotFound:
    """None of this number in sight."""
    return NotFound(
        "hold_unknown",
        Words("没有这笔额度占用，或不在您的范围内。", "No such hold in your scope."),
        where="hold",
    )


def limit_unknown(name: str, known: Iterable[str]) -> Refused:
    """Not a limit of the policy: positions and deductibles cannot be held."""
    names = sorted(known)
    hint = did_you_mean(name, names)
    listed = ", ".join(names) or "–"
    return Refused(
        "limit_unknown",
        Words(f"政策中没有名为 {name} 的限额。", f"The policy has no limit called {name}."),
        remedy=Words(f"{hint.zh}可占用的限额：{listed}。", f"{hint.en} Limits that can be held: {listed}."),
        where="name",
    )


def limit_of_nothing(name: str) -> Refused:
    """The stay's bill would meet no benefit that counts in it."""
    return Refused(
        "limit_of_nothing",
        Words(
            f"按此人身份、就医方式和机构级别，没有计入限额 {name} 的待遇。",
            f"With this person, care and facility, no benefit counts in {name}.",
        ),
        remedy=Words(
            "请先用试算查看本次能享受的待遇。", "See by a trial what the bill would be entitled to."
        ),
        where="name",
    )


def diagnosis_missing(name: str) -> Refused:
    """The limit is one for each disease."""
    return Refused(
        "diagnosis_missing",
        Words(
            f"限额 {name} 按病种分别计算，就诊登记还没有诊断。", f"{name} is counted for each disease; the stay has none."
        ),
        remedy=Words("请先在就诊登记上补录主要诊断。", "Enter the main diagnosis of the registration first."),
        where="name",
    )  # fmt: skip


def not_enough(name: Words, asked: Fen, free: Fen) -> Conflict:
    """More than is free."""
    return Conflict(
        "hold_exceeds_limit",
        Words(
            f"“{name.zh}”只剩 {format_yuan_zh(free)} 可占用，不足 {format_yuan_zh(asked)}。",
            f"Only {format_yuan_en(free)} of {name.en} is free, less than {format_yuan_en(asked)}.",
        ),
        remedy=Words(
            "请减少占用金额；其他机构的占用释放或到期后可再占用。",
            "Hold less, or try again when holds of others have ended.",
        ),
        where="fen",
    )


def not_positive() -> Refused:
    """Nothing is held."""
    return Refused("hold_not_positive", Words("占用金额应大于 0。", "A hold is above zero."), where="fen")


def expires_wrong(field: str, least: date, most: date) -> Refused:
    """A day that cannot be."""
    return Refused(
        "hold_day_wrong",
        Words(f"日期应在 {least} 至 {most} 之间。", f"The day must be between {least} and {most}."),
        where=field,
    )


def serial_taken(serial: str) -> Conflict:
    """The same number with another content."""
    return Conflict(
        "hold_serial_taken",
        Words(
            f"本机构的占用单号 {serial} 已用于另一内容的占用。",
            f"Serial {serial} of this facility was used for another hold.",
        ),
        remedy=Words(
            "如是同一笔，请按原内容重发；如是另一笔，请换新的单号。",
            "Send the same content again for the same hold; use a new serial for another one.",
        ),
        where="serial",
    )


def hold_ended(state: HoldState) -> Conflict:
    """Nothing is left to release."""
    words = HOLD_STATES[state]
    return Conflict(
        "hold_ended",
        Words(f"这笔额度占用{words.zh}，不能再释放。", f"The hold has ended ({words.en.lower()})."),
        where="hold",
    )


def not_your_hold() -> Conflict:
    """Another facility's hold."""
    return Conflict(
        "not_your_hold",
        Words("这是其他机构的额度占用。", "It is another facility's hold."),
        remedy=Words(
            "需要释放的，请联系该机构或参保地县级经办。", "Ask that facility or the county to release it."
        ),
        where="hold",
    )
