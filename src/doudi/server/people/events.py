"""What the trail calls the events of people, and its doors where somebody was turned away."""

from __future__ import annotations

from doudi.server.audit.api import register_words
from doudi.words import Words

EVENTS = {
    "people.registered": Words("登记了人员", "registered a person"),
    "people.corrected": Words("更正了人员信息", "corrected a person"),
    "people.moved": Words("办理了迁移，从 {from} 到 {to}", "moved a person from {from} to {to}"),
    "people.status_set": Words("变更了人员状态", "changed the state of a person"),
    "people.merged": Words("将该人员并入 {object_id}", "merged the person into {object_id}"),
    "people.split": Words("撤销了该人员与 {object_id} 的合并", "undid the merge with {object_id}"),
    "people.household_formed": Words("新建了户 {object_id}", "formed household {object_id}"),
    "people.household_joined": Words("加入了户 {object_id}", "joined household {object_id}"),
    "people.household_left": Words("退出了户 {object_id}", "left household {object_id}"),
    "people.card_added": Words("登记了银行账号", "recorded a bank account"),
    "people.contact_added": Words("登记了联系人", "recorded a contact"),
    "people.contact_ended": Words("停用了联系人", "ended a contact"),
    "people.unmasked": Words("查看了完整信息", "saw a value unmasked"),
    "people.found_at_facility": Words(
        "凭号码在医药机构查到该人员", "found the person at a facility by number"
    ),
    "people.find_missed": Words("凭号码没有查到人员", "found nobody by number"),
    "people.found_in_emergency": Words("紧急查阅了该人员", "read the person in an emergency"),
    "people.exported": Words("导出了 {rows} 名人员", "exported {rows} persons"),
    "people.loaded": Words(
        "批量登记了 {persons} 人、{households} 户", "loaded {persons} persons, {households} households"
    ),
    "people.resealed": Words("用新密钥重新加密 {rows} 项", "sealed {rows} values again"),
    "people.next_index_filled": Words("填写新索引 {rows} 项", "filled {rows} next indexes"),
    "people.index_switched": Words("切换了索引密钥", "switched the key of the indexes"),
}
DOORS = {
    "people.register": Words("登记人员", "register a person"),
    "people.correct": Words("更正人员信息", "correct a person"),
    "people.move": Words("办理迁移", "move a person"),
    "people.set_status": Words("变更人员状态", "change the state of a person"),
    "people.merge": Words("合并人员", "merge persons"),
    "people.split": Words("撤销合并", "split persons"),
    "people.form_household": Words("新建户", "form a household"),
    "people.join_household": Words("加入户", "join a household"),
    "people.leave_household": Words("退出户", "leave a household"),
    "people.add_card": Words("登记银行账号", "record a bank account"),
    "people.add_contact": Words("登记联系人", "record a contact"),
    "people.end_contact": Words("停用联系人", "end a contact"),
    "people.unmask": Words("查看完整信息", "unmask a value"),
    "people.find_at_facility": Words("在医药机构查人", "find a person at a facility"),
    "people.break_glass": Words("紧急查阅", "break the glass"),
    "people.export": Words("导出人员", "export persons"),
    "people.load": Words("批量登记", "load persons"),
    "people.person": Words("查看人员", "see a person"),
    "people.persons": Words("查看人员名单", "see the list of persons"),
    "people.search": Words("查找人员", "search persons"),
    "people.history": Words("查看人员变更记录", "see the history of a person"),
    "people.household": Words("查看户", "see a household"),
    "people.households": Words("查看户名单", "see the list of households"),
    "people.duplicates": Words("查看疑似重复", "see possible duplicates"),
    "people.match_numbers": Words("批量核对号码", "match numbers"),
    "people.opened_here": Words("查看本机构已打开的人员", "see persons open at the facility"),
    "people.facts": Words("读取人员要素", "read the facts of a person"),
    "people.facts_many": Words("读取多人要素", "read the facts of persons"),
    "people.summaries": Words("读取人员摘要", "read summaries of persons"),
}


def register() -> None:
    """Tell the trail."""
    register_words({**EVENTS, **DOORS})
