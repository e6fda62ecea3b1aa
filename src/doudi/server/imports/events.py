"""What the trail calls the events of imports, and its doors where somebody was turned away."""

from __future__ import annotations

from doudi.words import Words

EVENTS = {
    "imports.uploaded": Words("上传了导入文件 {object_id}（{kind}）", "uploaded file {object_id} ({kind})"),
    "imports.mapped": Words("指定了导入 {object_id} 的表头", "mapped the headings of import {object_id}"),
    "imports.examine_asked": Words("开始核对导入 {object_id}", "began to check import {object_id}"),
    "imports.examined": Words(
        "核对了导入 {object_id}：共 {rows} 行，新增 {new}，变更 {changed}，未通过 {refused}",
        "checked import {object_id}: {rows} rows, {new} new, {changed} changed, {refused} refused",
    ),
    "imports.chosen": Words(
        "选定了导入 {object_id} 的 {total} 行", "chose {total} rows of import {object_id}"
    ),
    "imports.decided": Words(
        "判定了导入 {object_id} 的 {rows} 行疑似重复",
        "decided {rows} possible duplicates of import {object_id}",
    ),
    "imports.apply_asked": Words(
        "确认导入 {object_id}：{rows} 行", "confirmed import {object_id}: {rows} rows"
    ),
    "imports.applied": Words(
        "导入了 {object_id}：{rows} 行，新建 {made} 项，更改 {changed} 项",
        "imported {object_id}: {rows} rows, {made} made, {changed} changed",
    ),
    "imports.undo_asked": Words("要求撤销导入 {object_id}", "asked to undo import {object_id}"),
    "imports.undone": Words(
        "撤销了导入 {object_id}：{changes} 项", "undid import {object_id}: {changes} changes"
    ),
    "imports.put_back": Words(
        "导入 {object_id} 未完成：{code}", "import {object_id} came to nothing: {code}"
    ),
    "imports.discarded": Words("放弃了导入 {object_id}", "discarded import {object_id}"),
    "imports.refused_file_made": Words(
        "生成了导入 {object_id} 的未通过名单：{rows} 行",
        "made the file of {rows} refused rows of import {object_id}",
    ),
    "imports.expired_removed": Words(
        "清理了 {imports} 次导入的到期文件", "removed the expired files of {imports} imports"
    ),
}

DOORS = {
    "imports.upload": Words("上传导入文件", "upload a file to import"),
    "imports.map": Words("指定表头", "map headings"),
    "imports.examine": Words("核对导入文件", "check a file"),
    "imports.choose": Words("选择导入的行", "choose rows to import"),
    "imports.decide": Words("判定疑似重复", "decide possible duplicates"),
    "imports.apply": Words("确认导入", "import a file"),
    "imports.undo": Words("撤销导入", "undo an import"),
    "imports.discard": Words("放弃导入", "discard an import"),
    "imports.make_refused_file": Words("下载未通过名单", "download refused rows"),
    "imports.list": Words("查看导入记录", "list imports"),
    "imports.detail": Words("查看一次导入", "see an import"),
    "imports.rows": Words("查看导入预览", "see the rows of an import"),
    "imports.changes": Words("查看导入结果", "see what an import changed"),
    "imports.of_object": Words("查看记录来自哪次导入", "see which import made a record"),
    "imports.file": Words("下载导入文件", "download a file of an import"),
    "imports.examine_now": Words("执行核对", "run a check"),
    "imports.apply_now": Words("执行导入", "run an import"),
    "imports.undo_now": Words("执行撤销", "run an undo"),
    "imports.put_back": Words("退回导入", "put an import back"),
    "imports.remove_expired": Words("清理到期的导入文件", "remove expired files of imports"),
}
