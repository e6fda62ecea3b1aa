"""What the trail calls the events of recognition, and its doors where somebody was turned away."""

from __future__ import annotations

from doudi.words import Words

EVENTS = {
    "recognition.entered": Words(
        "认定了人员类别 {category}，自 {from_date} 起", "recognised {category} from {from_date}"
    ),
    "recognition.ended": Words(
        "终止了人员类别 {category}，自 {until_date} 起", "ended {category} on {until_date}"
    ),
    "recognition.corrected": Words(
        "更正了认定 {void}，改为 {object_id}", "corrected recognition {void} to {object_id}"
    ),
    "recognition.voided": Words("作废了认定 {object_id}", "voided recognition {object_id}"),
    "recognition.list_applied": Words(
        "导入名单 {object_id}：新增认定 {made} 条，变更 {changed} 条",
        "imported list {object_id}: {made} recognitions made, {changed} changed",
    ),
    "recognition.list_undone": Words(
        "撤销导入 {object_id}：作废认定 {voided} 条，恢复 {restored} 条",
        "undid import {object_id}: {voided} recognitions voided, {restored} restored",
    ),
}

DOORS = {
    "recognition.recognise": Words("认定人员类别", "recognise a person"),
    "recognition.end": Words("终止认定", "end a recognition"),
    "recognition.correct": Words("更正认定", "correct a recognition"),
    "recognition.recognise_late": Words("追溯认定人员类别", "recognise a person late"),
    "recognition.end_late": Words("追溯终止认定", "end a recognition late"),
    "recognition.correct_late": Words("追溯更正认定", "correct a recognition late"),
    "recognition.categories_on": Words("查看人员类别", "see a person's categories"),
    "recognition.categories_of_many": Words("批量查看人员类别", "see the categories of many"),
    "recognition.periods_of_many": Words("批量查看认定期间", "see the periods of many"),
    "recognition.category_history": Words("查看认定历史", "see a person's recognitions"),
    "recognition.recognised": Words("查看认定名单", "list recognised persons"),
    "recognition.counts": Words("查看认定人数", "see how many are recognised"),
    "recognition.export": Words("导出认定名单", "export recognitions"),
}
