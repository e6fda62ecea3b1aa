"""What the trail calls the events of enrolment, and its doors where somebody was turned away."""

from __future__ import annotations

from doudi.words import Words

EVENTS = {
    "enrolment.entered": Words(
        "登记了 {year} 年参保（{scheme}）", "entered an enrolment in {scheme} for {year}"
    ),
    "enrolment.paid": Words("登记了 {year} 年缴费（{scheme}）", "entered payment for {scheme}, {year}"),
    "enrolment.lapsed": Words("办理了 {year} 年停保（{scheme}）", "let {scheme} lapse for {year}"),
    "enrolment.refunded": Words("办理了 {year} 年退费（{scheme}）", "refunded {scheme} for {year}"),
    "enrolment.corrected": Words(
        "更正了 {year} 年参保（{scheme}）", "corrected an enrolment in {scheme} for {year}"
    ),
    "enrolment.voided": Words(
        "作废了 {year} 年参保（{scheme}）", "voided an enrolment in {scheme} for {year}"
    ),
    "enrolment.list_applied": Words(
        "导入参保名单 {object_id}：新增 {made} 条，变更 {changed} 条",
        "imported list {object_id}: {made} enrolments made, {changed} changed",
    ),
    "enrolment.list_undone": Words(
        "撤销参保导入 {object_id}：作废 {voided} 条，恢复 {restored} 条",
        "undid import {object_id}: {voided} enrolments voided, {restored} restored",
    ),
}

DOORS = {
    "enrolment.enrol": Words("登记参保", "enter an enrolment"),
    "enrolment.pay": Words("登记缴费", "enter a payment"),
    "enrolment.lapse": Words("办理停保", "let an enrolment lapse"),
    "enrolment.refund": Words("办理退费", "refund an enrolment"),
    "enrolment.correct": Words("更正参保", "correct an enrolment"),
    "enrolment.enrol_late": Words("追溯登记参保", "enter an enrolment late"),
    "enrolment.pay_late": Words("追溯登记缴费", "enter a payment late"),
    "enrolment.lapse_late": Words("追溯停保", "let an enrolment lapse late"),
    "enrolment.refund_late": Words("追溯退费", "refund an enrolment late"),
    "enrolment.correct_late": Words("追溯更正参保", "correct an enrolment late"),
    "enrolment.enrolments_on": Words("查看参保", "see a person's enrolments"),
    "enrolment.enrolments_of_many": Words("批量查看参保", "see the enrolments of many"),
    "enrolment.periods_of_many": Words("批量查看参保期间", "see the periods of many"),
    "enrolment.enrolment_history": Words("查看参保历史", "see a person's enrolments over time"),
    "enrolment.enrolled": Words("查看参保名单", "list enrolments"),
    "enrolment.counts": Words("查看参保人数", "see how many are enrolled"),
    "enrolment.export": Words("导出参保名单", "export enrolments"),
}
