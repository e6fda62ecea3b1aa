"""What the doors, the apps and the fields are called: names for people, beside the names for programs.

A door is called what the trail calls it; what the trail has no words for (it never turns anybody away there) is here.
"""

from __future__ import annotations

from doudi.server.audit.api import known_events
from doudi.words import Words

APPS: dict[str, Words] = {
    "access": Words("账号、岗位、令牌、审批", "accounts, posts, tokens, four eyes"),
    "enrolment": Words("参保", "who is insured, by scheme, region and year"),
    "entitlement": Words("待遇卡与施行中的政策", "the card of a person, and the policies in force"),
    "filings": Words("备案", "referrals, special outpatient diseases, chosen institutions, accidents"),
    "ledger": Words("会计账簿", "accounts, the journal, periods, floats"),
    "imports": Words("名单导入", "lists: upload, map, examine, apply, undo"),
    "people": Words("人员与家庭", "persons and households"),
    "recognition": Words("身份认定", "categories of persons, with validity, source and evidence"),
    "reference": Words("区划、机构、目录、付款方", "regions, facilities, catalogues, payers and funds"),
    "settlement": Words("结算", "stays and visits, trial, settlement, reversal, holds, what patients owe"),
    "trail": Words("审计轨迹", "the audit trail"),
}

TITLES: dict[str, Words] = {
    "access.begin_code": Words("绑定动态验证码：取得密钥", "bind a one-time code: get the secret"),
    "access.change_password": Words("修改本人密码", "change one's password"),
    "access.confirm_code": Words("绑定动态验证码：确认", "bind a one-time code: confirm it"),
    "access.end_session": Words("结束本人的另一会话", "end another of one's sessions"),
    "access.my_posts": Words("查看本人岗位", "see one's posts"),
    "access.my_sessions": Words("查看本人会话", "see one's sessions"),
    "access.set_language": Words("设置本人语言", "set one's language"),
    "access.sign_out": Words("退出登录", "sign out"),
    "access.switch_post": Words("切换岗位", "act in another post"),
    "entitlement.assumptions": Words("查看政策假定", "see what a policy assumes"),
    "entitlement.card": Words("查看待遇卡", "see a person's card"),
    "entitlement.cards": Words("批量查看待遇卡", "see the cards of many"),
    "entitlement.confirm_assumption": Words("确认政策假定", "confirm an assumption"),
    "entitlement.end_policy": Words("终止施行政策", "end a policy in force"),
    "entitlement.opening_balances": Words("查看期初累计", "see opening balances"),
    "entitlement.policies_in_force": Words("查看施行中的政策", "list policies in force"),
    "entitlement.policy_page": Words("查看政策文本", "read a policy in force"),
    "entitlement.put_in_force": Words("施行政策", "put a policy in force"),
    "entitlement.set_opening_balance": Words("设置期初累计", "set an opening balance"),
    "reference.add_facility": Words("新增机构", "add a facility"),
    "reference.add_regions": Words("新增区划", "add regions"),
    "reference.clinical_codes": Words("查找疾病与手术编码", "find disease and procedure codes"),
    "reference.close_facility": Words("关闭机构", "close a facility"),
    "reference.designate": Words("设为定点", "designate a facility"),
    "reference.disease_lists": Words("查看病种目录", "see the lists of diseases"),
    "reference.end_designation": Words("取消定点", "end a designation"),
    "reference.end_fund": Words("终止基金", "end a fund"),
    "reference.end_payer": Words("终止付款方", "end a payer"),
    "reference.facilities": Words("查找机构", "find facilities"),
    "reference.facility": Words("查看机构", "see a facility"),
    "reference.facility_by_code": Words("按编码查看机构", "see a facility by its code"),
    "reference.facility_history": Words("查看机构沿革", "see a facility's history"),
    "reference.funds": Words("查看基金", "see funds"),
    "reference.items": Words("查找目录项目", "find items of the catalogue"),
    "reference.payers": Words("查看付款方", "see payers"),
    "reference.price_of": Words("查询项目支付标准", "what insurance says of items"),
    "reference.region": Words("查看区划", "see a region"),
    "reference.region_changes": Words("查看区划调整", "see reorganisations of a region"),
    "reference.region_history": Words("查看区划沿革", "see a region's history"),
    "reference.region_now": Words("旧区划代码今属何处", "where an old region code is now"),
    "reference.regions": Words("查找区划", "find regions"),
    "reference.reorganise": Words("调整区划", "reorganise regions"),
    "reference.restand_facility": Words("变更机构等级", "change a facility's level"),
    "reference.set_fund": Words("设置基金", "set a fund"),
    "reference.set_payer": Words("设置付款方", "set a payer"),
    "settlement.oversight": Words("查看监管数字", "see the figures of oversight"),
    "settlement.oversight_diseases": Words("查看按病种的结算汇总", "see sums of settlements by disease"),
    "settlement.oversight_persons": Words("查看结算涉及人数", "see how many people settlements are of"),
    "settlement.oversight_today": Words("查看今日结算汇总", "see today's sums of settlements"),
    "settlement.prove_totals": Words("核对结算汇总", "prove the sums of settlements of a day"),
}


def title_of(name: str) -> Words:
    """What the door `name` is called; its name where it has no words."""
    return TITLES.get(name) or known_events().get(name) or Words(name, name)


FIELDS: dict[str, Words] = {
    "person": Words("人员的编号", "number of the person"),
    "household": Words("家庭的编号", "number of the household"),
    "region": Words("区划键，9 位：乡镇代码，或县级代码后加 000", "region key, 9 digits: township, or county and 000"),
    "region_code": Words("12 位区划代码", "division code of 12 digits"),
    "village_code": Words("12 位村级区划代码", "division code of a village, 12 digits"),
    "facility": Words("机构的编号", "number of the facility"),
    "day": Words("哪一天（北京时间）", "the day, in China"),
    "known_by": Words("按当日终了时已知的情形", "as it was known at the end of this day"),
    "known_since": Words("何日起已知", "the day from which it was known"),
    "reason": Words("理由，记入审计轨迹", "the reason; the trail keeps it"),
    "purpose": Words("用途，记入审计轨迹", "what it is for; the trail keeps it"),
    "size": Words("每页条数，最多 500", "how many a page holds, at most 500"),
    "content_sm3": Words("所见内容的 SM3（十六进制）", "SM3 of the content that was looked at, hexadecimal"),
    "from_date": Words("起始日（含）", "the first day"),
    "until_date": Words("截止日（不含）", "the first day after it"),
}  # fmt: skip

SUFFIXES: tuple[tuple[str, Words], ...] = (
    ("_fen", Words("金额，整数分（1 元 = 100 分）", "amount in fen, an integer: a hundredth of a yuan")),
    ("_bp", Words("基点，整数（1% = 100）", "basis points, an integer: 100 are one percent")),
    ("_permille", Words("千分数，整数", "thousandths, an integer")),
    ("_sm3", Words("SM3 值（十六进制）", "SM3, hexadecimal")),
    ("_at", Words("时刻，带时区", "instant, with its zone")),
    ("_until", Words("截止（不含）", "until, exclusive")),
)


CODES_NOT_KEYS = ("Filter", "CountsRequest")
"""Shapes whose `region` is a division code: what narrows a list names any level."""


def field_of(shape: str, name: str) -> Words | None:
    """What a field of this name holds, with its unit; None where the name says it."""
    if name == "region" and shape.endswith(CODES_NOT_KEYS):
        name = "region_code"
    return FIELDS.get(name) or next((said for suffix, said in SUFFIXES if name.endswith(suffix)), None)
