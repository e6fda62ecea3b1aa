"""待办: what waits for me, the nearest deadline first; then what changed among people today.

Each kind of waiting is asked once, by the very query its own page uses, and only where the role may ask it; the number
of queries does not grow with what waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from doudi.server.access.api import allowed, proposals
from doudi.server.desks.county.inbox_settled import held, otherwise
from doudi.server.desks.county.inbox_today import changes_today
from doudi.server.desks.pages import page
from doudi.server.enrolment import api as enrolment
from doudi.server.entitlement.api import InForce, policies_in_force
from doudi.server.imports.api import State, imports
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.jobs import JobState, my_jobs
from doudi.server.kernel.regions import Ranges
from doudi.server.ledger.api import floats, periods
from doudi.server.recognition import api as recognition
from doudi.words import Words

SOON = timedelta(days=30)
"""How far ahead last days are shown. Assumed: the departments send their lists monthly."""
FAILED = timedelta(days=7)
"""How long a failed job is shown."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the inbox. `due`: the nearest deadline; `tone` bad: something is wrong, warn: look here."""

    words: Words
    count: int
    more: bool
    due: date | None
    hint: Words
    verb: Words
    address: str
    tone: str = "warn"
    bar: tuple[int, int] | None = None


@page("county/inbox/", name="county.home", rule="access.proposals")
def inbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The desk's first page."""
    now = clock.now()
    today = business_date(now)
    found = [
        *_proposals(actor, now),
        *_jobs(actor, now),
        *_imports(actor),
        *_policies(actor, today),
        *_endings(actor, today),
        *_unpaid(actor, today),
        *_settled(actor, today),
        *_books(actor, today),
    ]
    lines = sorted(found, key=lambda one: (one.tone != "bad", one.due is None, one.due or today))
    facts = {
        "lines": [(one, (one.due - today).days if one.due else None) for one in lines],
        "today": today,
        "changes": changes_today(actor, today) if allowed("recognition.recognised", actor) else None,
    }
    return render(request, "county/inbox.html", facts)


def _address(name: str, **query: str | int) -> str:
    try:
        address = reverse(name)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(query)}" if query else address


def _proposals(actor: Actor, now: datetime) -> list[Waiting]:
    found = proposals(viewer=actor, now=now, waiting=True)
    if not found.items:
        return []
    due = min(business_date(one.expires_at) for one in found.items)
    return [
        Waiting(
            Words("待审批的事项", "Proposals to decide"), found.total, found.more, due,
            Words("过期未批的自动失效。", "Undecided ones lapse."),
            Words("审批", "Decide"), reverse("county.proposals"),
        )
    ]  # fmt: skip


def _imports(actor: Actor) -> list[Waiting]:
    if not allowed("imports.upload", actor):
        return []
    lines = []
    ready = imports(viewer=actor, state=str(State.EXAMINED))
    if ready.items:
        refused = sum(one.counts.refused for one in ready.items)
        doubtful = sum(one.counts.duplicate for one in ready.items)
        lines.append(
            Waiting(
                Words("核对好、待确认的导入", "Imports checked, waiting for you"), ready.total, ready.more, None,
                Words(
                    f"其中未通过 {refused:,} 行，疑似重复 {doubtful:,} 行。",
                    f"{refused:,} rows refused, {doubtful:,} possible duplicates among them.",
                ),
                Words("确认导入", "Decide"), _one_or_all(ready.items[0].number, ready.total, State.EXAMINED),
            )
        )  # fmt: skip
    for state, words in (
        (State.UPLOADED, Words("表头还没对应的导入", "Imports with headings to map")),
        (State.MAPPED, Words("还没核对的导入", "Imports to be checked")),
    ):
        found = imports(viewer=actor, state=str(state))
        if found.items:
            lines.append(
                Waiting(
                    words, found.total, found.more, None, Words(found.items[0].file_name, found.items[0].file_name),
                    Words("继续", "Go on"), _one_or_all(found.items[0].number, found.total, state),
                )
            )  # fmt: skip
    return lines


def _settled(actor: Actor, today: date) -> list[Waiting]:
    return [
        Waiting(words, count, more, due, hint, verb, _address(name, **query))
        for words, count, more, due, hint, verb, name, query in (*held(actor, today), *otherwise(actor))
    ]


def _one_or_all(number: int, total: int, state: State) -> str:
    if total == 1:
        return reverse("county.import", args=[number])
    return _address("county.imports", state=str(state))


def _endings(actor: Actor, today: date) -> list[Waiting]:
    if not allowed("recognition.recognised", actor):
        return []
    wanted = recognition.Filter(valid_on=today, ending_before=today + SOON + timedelta(days=2))
    found = recognition.recognised(viewer=actor, wanted=wanted, size=1)
    if not found.items:
        return []
    until = found.items[0].until_date
    first = until - timedelta(days=1) if until else None
    return [
        Waiting(
            Words("30 天内到期的身份认定", "Recognitions ending within 30 days"), found.total, found.more, first,
            Words("到期后待遇随之终止，请部门核实是否延续。", "Benefits end with it; ask whether it goes on."),
            Words("查看名单", "See the list"),
            _address("county.recognitions", ending=SOON.days),
        )
    ]  # fmt: skip


def _unpaid(actor: Actor, today: date) -> list[Waiting]:
    if not allowed("enrolment.enrolled", actor):
        return []
    found = enrolment.enrolled(viewer=actor, wanted=enrolment.Filter(today.year, status="unpaid"), size=1)
    if not found.items:
        return []
    return [
        Waiting(
            Words(f"{today.year} 年度未缴费", f"Unpaid for {today.year}"), found.total, found.more, None,
            Words("未缴费的人这一年没有医保待遇。", "Who has not paid is not insured this year."),
            Words("查看名单", "See the list"),
            _address("county.enrolments", year=today.year, status="unpaid"),
        )
    ]  # fmt: skip


def _books(actor: Actor, today: date) -> list[Waiting]:
    """Floats that are low, the month to be closed, books that do not agree; of the viewer's first county."""
    if not allowed("ledger.floats", actor):
        return []
    county = actor.ranges.pairs[0][0] // 1000 * 1000
    if not actor.ranges.covers(Ranges(((county, county + 1000),))):
        return []
    low = [one for one in floats(viewer=actor, region=county, today=today) if one.low]
    found = periods(viewer=actor, region=county, today=today)
    lines = []
    if low:
        empty = any(one.available_fen <= 0 for one in low)
        due = min((one.exhausted for one in low if one.exhausted), default=None)
        lines.append(
            Waiting(
                Words("周转金不足", "Floats are low"), len(low), False, due,
                Words("请通知主管部门拨款，以免影响一站式结算。", "Ask the departments for money."),
                Words("查看周转金", "See the floats"), _address("county.floats"), "bad" if empty else "warn",
            )
        )  # fmt: skip
    if found.next_to_close and allowed("ledger.close_period", actor):
        month = f"{found.next_to_close:%Y-%m}"
        lines.append(
            Waiting(
                Words(f"{month} 待结账", f"{month} to be closed"), 1, False, None,
                Words("核对试算平衡表后结账，结账不能撤销。", "Look at the trial balance first; it cannot be undone."),
                Words("去结账", "Close"), _address("county.periods"),
            )
        )  # fmt: skip
    if found.proof and not found.proof.holds:
        lines.append(
            Waiting(
                Words("账簿核对不符", "The books do not agree"), len(found.proof.found), False, today,
                Words("请立即联系系统管理员。", "Call the system administrator at once."),
                Words("查看", "Look"), _address("county.periods"), "bad",
            )
        )  # fmt: skip
    return lines


def _policies(actor: Actor, today: date) -> list[Waiting]:
    if not allowed("entitlement.confirm_assumption", actor):
        return []
    found = policies_in_force(viewer=actor, day=today)
    mine = [one for one in found if one.region in actor.ranges]
    lines = []
    if not found:
        lines.append(
            Waiting(
                Words("没有执行中的政策", "No policy in force"), 0, False, today,
                Words("不能说明待遇，也不能结算。", "No entitlement can be told, no bill settled."),
                Words("查看政策", "See policies"), reverse("county.policies"), "bad",
            )
        )  # fmt: skip
    lines += [_changed(one, today) for one in found if one.warning is not None]
    lines += [_open(one) for one in mine if one.assumptions > one.confirmed + one.differing]
    return lines


def _changed(one: InForce, today: date) -> Waiting:
    return Waiting(
        Words(f"政策文件被更换：{one.title.zh}", f"A policy file was replaced: {one.title.en}"), 1, False, today,
        Words("请核对后重新施行。", "Check it and put it in force anew."),
        Words("查看", "Look"), reverse("county.policy", args=[one.id]), "bad",
    )  # fmt: skip


def _open(one: InForce) -> Waiting:
    checked = one.confirmed + one.differing
    return Waiting(
        Words(f"待确认的政策假定：{one.title.zh}", f"Assumptions to confirm: {one.title.en}"),
        one.assumptions - checked, False, None,
        Words(f"已确认 {checked} / {one.assumptions}", f"{checked} of {one.assumptions} checked"),
        Words("逐条确认", "Confirm"), reverse("county.policy_assumptions", args=[one.id]) + "?show=open",
        bar=(checked, one.assumptions),
    )  # fmt: skip


def _jobs(actor: Actor, now: datetime) -> list[Waiting]:
    jobs = my_jobs(actor, size=20).items
    live = [one for one in jobs if not one.ended]
    failed = [
        one
        for one in jobs
        if one.state == "failed" and one.ended_at is not None and now - one.ended_at < FAILED
    ]
    lines = [_job(one, now, failed=False) for one in live]
    return lines + [_job(one, now, failed=True) for one in failed[:5]]


def _job(one: JobState, now: datetime, *, failed: bool) -> Waiting:
    said = one.error.words if failed and one.error else one.what
    how = Words("未完成", "failed") if failed else Words("进行中", "running")
    return Waiting(
        Words(f"{one.name.zh}：{how.zh}", f"{one.name.en}: {how.en}"),
        1, False, business_date(one.ended_at) if failed and one.ended_at else business_date(now), said,
        Words("查看", "Look"), _address("county.imports"), "bad" if failed else "on",
        None if failed else (one.done, one.total or 1),
    )  # fmt: skip
