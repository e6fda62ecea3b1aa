"""What the pages of imports call things: the steps of the conversation, the colours of a state, events, verdicts."""

from __future__ import annotations

from doudi.server.imports.api import Judgement, State
from doudi.words import Words

STEPS: tuple[Words, ...] = (
    Words("上传文件", "Upload"),
    Words("对应表头", "Headings"),
    Words("逐行核对", "Check"),
    Words("确认导入", "Decide"),
    Words("导入结果", "Result"),
)
"""The conversation, in order."""

_STEP_OF: dict[State, int] = {
    State.UPLOADED: 1,
    State.MAPPED: 1,
    State.EXAMINING: 2,
    State.EXAMINED: 3,
    State.APPLYING: 3,
    State.APPLIED: 4,
    State.UNDOING: 4,
    State.UNDONE: 4,
    State.REFUSED: 2,
    State.CANCELLED: 4,
}
_TONES: dict[State, str] = {
    State.UPLOADED: "warn",
    State.MAPPED: "warn",
    State.EXAMINED: "warn",
    State.EXAMINING: "on",
    State.APPLYING: "on",
    State.UNDOING: "on",
    State.APPLIED: "good",
    State.REFUSED: "bad",
}

JUDGEMENTS: dict[Judgement, Words] = {
    Judgement.NEW: Words("新增", "New"),
    Judgement.CHANGED: Words("变更", "Changed"),
    Judgement.UNCHANGED: Words("无变化", "Unchanged"),
    Judgement.DUPLICATE: Words("疑似重复", "Possible duplicate"),
    Judgement.REFUSED: Words("未通过", "Refused"),
}
JUDGEMENT_TONES: dict[Judgement, str] = {
    Judgement.NEW: "good",
    Judgement.CHANGED: "on",
    Judgement.UNCHANGED: "",
    Judgement.DUPLICATE: "warn",
    Judgement.REFUSED: "bad",
}

EVENTS: dict[str, Words] = {
    "imports.uploaded": Words("上传了文件", "uploaded the file"),
    "imports.mapped": Words("对应了表头", "mapped the headings"),
    "imports.examine_asked": Words("开始核对", "had it checked"),
    "imports.examined": Words("核对完成", "was checked"),
    "imports.chosen": Words("调整了要导入的行", "chose rows"),
    "imports.decided": Words("判定了疑似重复", "decided possible duplicates"),
    "imports.refused_file_made": Words("下载了未通过的行", "took the file of refused rows"),
    "imports.apply_asked": Words("确认导入", "had it imported"),
    "imports.applied": Words("导入完成", "was imported"),
    "imports.undo_asked": Words("要求撤销", "asked to undo it"),
    "imports.undone": Words("撤销完成", "was undone"),
    "imports.discarded": Words("放弃了这次导入", "discarded it"),
    "imports.put_back": Words("退回上一步", "went back a step"),
}
"""The trail's events of an import, short: the page shows them under the import's own title."""

OBJECTS: dict[str, Words] = {
    "person": Words("人员", "Person"),
    "household": Words("家庭户", "Household"),
    "membership": Words("家庭成员", "Member of a household"),
    "recognition": Words("身份认定", "Recognition"),
    "enrolment": Words("参保", "Enrolment"),
    "opening_balance": Words("期初金额", "Opening balance"),
    "catalogue_item": Words("目录项目", "Catalogue item"),
    "facility": Words("机构", "Facility"),
    "region": Words("行政区划", "Division"),
}
DID: dict[str, Words] = {"made": Words("新建", "Made"), "changed": Words("变更", "Changed")}


def step_of(state: State) -> int:
    """The step of the conversation an import stands at, from 0."""
    return _STEP_OF[state]


def tone_of(state: State) -> str:
    """The colour of a state's chip."""
    return _TONES.get(state, "")


def object_words(kind: str) -> Words:
    """What a changed thing is called; its own name where no page has a word for it."""
    return OBJECTS.get(kind, Words(kind, kind))
