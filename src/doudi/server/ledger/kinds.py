"""The kinds of accounts, as data.

An account is one kind in one county, for a fund or a facility where the kind needs one. `normal` is the side a healthy
balance stands on: +1 debit (what is owed, was received, was spent), -1 credit (where it comes from). A balance on the
other side is shown as it is, with its sign.
"""

from __future__ import annotations

from dataclasses import dataclass

from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Kind:
    """What an account is of, what tells two of them apart, and its normal side."""

    code: str
    words: Words
    of_fund: bool
    of_facility: bool
    normal: int


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("charges", Words("医疗费用", "Charges"), False, True, -1),
        Kind("due", Words("应付医疗机构", "Due to facilities"), True, True, 1),
        Kind("received", Words("医疗机构已收", "Received by facilities"), True, True, 1),
        Kind("own", Words("医疗机构承担", "Borne by facilities"), False, True, 1),
        Kind("patient", Words("患者应付", "Owed by patients"), False, True, 1),
        Kind("collected", Words("患者已付", "Collected from patients"), False, True, 1),
        Kind("written_off", Words("已核销患者欠费", "Written off"), False, True, 1),
        Kind("float", Words("部门周转金", "Float"), True, False, -1),
        Kind("bank", Words("周转金专户存款", "Bank account of the float"), True, False, 1),
        Kind("treasury", Words("基金专户支出", "Paid from the fund's own account"), True, False, -1),
        Kind("spent", Words("基金支付", "Spent by the fund"), True, False, 1),
    )
}
