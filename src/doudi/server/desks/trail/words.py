"""Words of the audit desk: what objects of events are called, and the tone of an outcome."""

from __future__ import annotations

from doudi.words import Words

OBJECTS: dict[str, Words] = {
    "user": Words("账号", "account"),
    "grant": Words("岗位", "post"),
    "token": Words("令牌", "token"),
    "session": Words("会话", "session"),
    "budget": Words("额度", "budget"),
    "glass": Words("紧急查阅", "broken glass"),
    "proposal": Words("审批事项", "proposal"),
    "job": Words("后台任务", "job"),
    "person": Words("人员", "person"),
    "household": Words("家庭户", "household"),
    "bank_card": Words("银行卡", "bank card"),
    "contact": Words("联系人", "contact"),
    "recognition": Words("认定", "recognition"),
    "enrolment": Words("参保", "enrolment"),
    "filing": Words("备案", "filing"),
    "import": Words("导入", "import"),
    "export": Words("导出", "export"),
    "facility": Words("机构", "facility"),
    "region": Words("行政区划", "division"),
    "policy_in_force": Words("施行的政策", "policy in force"),
    "opening_balance": Words("期初累计", "opening balance"),
}

TONES = {"done": "", "seen": "on", "refused": "warn", "denied": "bad"}


def object_words(kind: str) -> Words:
    """What kind of thing an event was about."""
    return OBJECTS.get(kind, Words(kind, kind))
