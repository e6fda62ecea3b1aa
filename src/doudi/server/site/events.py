"""What the operator's acts are called in the trail; it shows who acted ("The server") before and the reason behind."""

from __future__ import annotations

from doudi.words import Words

EVENTS: dict[str, Words] = {
    "keys.master_added": Words("新建了第 {version} 版主密钥", "made master key {version}"),
    "keys.reseal_begun": Words("开始用新的主密钥重新加密", "began to seal again with the new master key"),
    "keys.reseal_ended": Words(
        "用新的主密钥重新加密了 {changed} 个值", "sealed {changed} values again with the new master key"
    ),
    "keys.sealed_again": Words(
        "重新加密了 {column} 的 {rows} 个值", "sealed {rows} values of {column} again"
    ),
    "keys.master_retired": Words("停用了第 {version} 版主密钥", "retired master key {version}"),
    "keys.next_index_begun": Words("开始更换索引密钥", "began to change the index key"),
    "keys.index_switch_begun": Words("开始切换索引密钥", "began to switch the index key"),
    "site.first_account_asked": Words(
        "在服务器上建立首个管理员账号 {object_id}",
        "made the first account {object_id} at the server's machine",
    ),
    "site.account_recovery_asked": Words(
        "在服务器上恢复管理员账号 {object_id}", "recovered the account {object_id} at the server's machine"
    ),
}
