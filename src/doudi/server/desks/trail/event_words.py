"""What the trail calls events and doors of apps that have not said it themselves. An app's own words win.

A text follows the name of whoever acted; braces name fields of the event and keys of its detail.
"""

from __future__ import annotations

from doudi.server.audit.api import known_events, register_words
from doudi.words import Words

ACCESS = {
    "access.signed_in": Words("登录", "signed in"),
    "access.signed_out": Words("退出", "signed out"),
    "access.sign_in_refused": Words("登录", "sign in"),
    "access.activated": Words("用激活码设置了密码", "set a password with an activation code"),
    "access.activation_issued": Words("为账号 {object_id} 签发了激活码", "issued a code to account {object_id}"),
    "access.password_changed": Words("修改了自己的密码", "changed their password"),
    "access.code_begun": Words("开始绑定动态验证码", "began to bind one-time codes"),
    "access.code_bound": Words("绑定了动态验证码", "bound one-time codes"),
    "access.code_removed": Words("解除了账号 {object_id} 的动态验证码", "unbound the codes of account {object_id}"),
    "access.language_set": Words("更改了界面语言", "changed the language of the pages"),
    "access.session_ended": Words("结束了自己的另一处登录", "ended another of their sessions"),
    "access.post_switched": Words("切换到岗位 {object_id}", "switched to post {object_id}"),
    "access.user_created": Words("建立了账号 {object_id}", "made account {object_id}"),
    "access.user_closed": Words("停用了账号 {object_id}", "closed account {object_id}"),
    "access.user_reopened": Words("重新启用了账号 {object_id}", "reopened account {object_id}"),
    "access.granted": Words(
        "授予账号 {user} 岗位 {object_id}（{role}）", "granted account {user} post {object_id} ({role})"
    ),
    "access.grant_ended": Words(
        "取消了账号 {user} 的岗位 {object_id}（{role}）", "ended post {object_id} ({role}) of account {user}"
    ),
    "access.token_issued": Words("为账号 {user} 签发了令牌 {object_id}", "issued token {object_id} to account {user}"),
    "access.token_ended": Words("停用了令牌 {object_id}", "ended token {object_id}"),
    "access.glass_broken": Words("紧急查阅了人员 {person}", "broke the glass for person {person}"),
    "access.glass_reviewed": Words("复核了紧急查阅 {object_id}（{verdict}）", "reviewed glass {object_id} ({verdict})"),
    "access.proposal_proposed": Words("提交了审批事项 {object_id}（{operation}）", "proposed {object_id} ({operation})"),
    "access.proposal_approved": Words("批准了审批事项 {object_id}（{operation}）", "approved {object_id} ({operation})"),
    "access.proposal_refused": Words("未批准审批事项 {object_id}（{operation}）", "refused {object_id} ({operation})"),
    "access.proposal_withdrawn": Words("撤回了审批事项 {object_id}（{operation}）", "withdrew {object_id} ({operation})"),
    "access.proposals_expired": Words("将 {count} 件审批事项置为过期", "marked {count} proposals as expired"),
    "access.job_cancelled": Words("停止了后台任务 {object_id}（{kind}）", "stopped job {object_id} ({kind})"),
    "access.job_retried": Words("重新执行后台任务 {object_id}（{kind}）", "ran job {object_id} ({kind}) again"),
    "budget.exceeded": Words("超出查阅或导出额度（{object_id}）", "go beyond the budget {object_id}"),
    "budget.exhausted": Words("用完了查阅或导出额度（{object_id}，{most}）", "used up the budget {object_id} ({most})"),
    "access.create_user": Words("建立账号", "make an account"),
    "access.close_user": Words("停用账号", "close an account"),
    "access.reopen_user": Words("启用账号", "reopen an account"),
    "access.issue_activation": Words("签发激活码", "issue an activation code"),
    "access.grant": Words("授予岗位", "grant a post"),
    "access.end_grant": Words("取消岗位", "end a post"),
    "access.remove_code": Words("解除动态验证码", "remove one-time codes"),
    "access.issue_token": Words("签发令牌", "issue a token"),
    "access.end_token": Words("停用令牌", "end a token"),
    "access.tokens": Words("查看令牌", "list tokens"),
    "access.users": Words("查看账号", "list accounts"),
    "access.user": Words("查看账号", "see an account"),
    "access.propose": Words("提交审批", "propose"),
    "access.approve": Words("批准", "approve"),
    "access.refuse": Words("不予批准", "refuse"),
    "access.withdraw": Words("撤回", "withdraw"),
    "access.proposals": Words("查看审批事项", "list proposals"),
    "access.proposal": Words("查看审批事项", "see a proposal"),
    "access.broken_glass": Words("查看紧急查阅", "list broken glass"),
    "access.review_glass": Words("复核紧急查阅", "review broken glass"),
    "access.cancel_job": Words("停止后台任务", "stop a job"),
    "access.retry_job": Words("重新执行后台任务", "run a job again"),
}  # fmt: skip

OTHERS = {
    "entitlement.policy_put_in_force": Words(
        "将政策 {policy} 自 {from_date} 起施行", "put policy {policy} in force from {from_date}"
    ),
    "entitlement.policy_ended": Words("终止了政策 {policy}，自 {until_date} 起", "ended policy {policy} on {until_date}"),
    "entitlement.assumption_checked": Words("确认了政策假定 {path}", "checked the assumption {path}"),
    "entitlement.opening_balance_set": Words("录入了人员 {person} 的期初累计", "set a balance of person {person}"),
    "entitlement.card": Words("查看待遇", "see entitlements"),
    "reference.facility_added": Words("增加了机构 {code}", "added facility {code}"),
    "reference.facility_closed": Words("关闭了机构 {object_id}", "closed facility {object_id}"),
    "reference.facility_restood": Words("变更了机构 {object_id} 的等级", "changed the level of facility {object_id}"),
    "reference.regions_added": Words("增加了 {count} 个行政区划", "added {count} divisions"),
    "reference.regions_reorganised": Words("登记了行政区划调整", "recorded a reorganisation of divisions"),
    "reference.starting_data_loaded": Words("装入了基础数据", "loaded the starting data"),
    "reference.demo_loaded": Words("装入了演示机构 {facilities} 家", "loaded {facilities} demo facilities"),
    "site.demo_filled": Words("装入了演示数据：{people} 人", "filled the demo county: {people} persons"),
    "trail.exported": Words("导出了审计轨迹 {rows} 条", "exported {rows} events of the trail"),
    "trail.person_looked_up": Words("按号码查人员编号", "looked up the number of a person"),
    "trail.verification_asked": Words("发起了轨迹核验", "had the trail verified"),
    "trail.events": Words("查看审计轨迹", "read the trail"),
    "trail.event": Words("查看审计轨迹", "read an event"),
    "trail.counts": Words("查看轨迹统计", "count events"),
    "trail.who_saw": Words("查看谁看过某人", "see who saw a person"),
    "trail.verification": Words("查看封存状态", "see how sealing stands"),
    "trail.verify": Words("核验审计轨迹", "verify the trail"),
    "trail.export": Words("导出审计轨迹", "export the trail"),
    "trail.find_person": Words("按号码查人员编号", "look up the number of a person"),
}  # fmt: skip


def fill_in() -> None:
    """Register what nobody below has told."""
    told = known_events()
    register_words({name: text for name, text in (ACCESS | OTHERS).items() if name not in told})
