"""Every picture as an Excel file: the rows of its table, all of them, with what they are narrowed by. No person in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from doudi.server.desks import fields
from doudi.server.desks.charts import Chart
from doudi.server.desks.exports import EXCEL, in_words
from doudi.server.desks.oversight.diseases import what
from doudi.server.desks.oversight.filters import chosen
from doudi.server.desks.oversight.home import scene_of
from doudi.server.desks.oversight.pictures import PICTURES
from doudi.server.desks.pages import page
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import SHANGHAI
from doudi.server.kernel.sheets.api import ListCell, ListColumn, write_workbook
from doudi.server.settlement.api import oversight_diseases
from doudi.words import Words

FORMS = {"fen": "money", "count": "whole", "bp": "percent"}


@page("oversight/excel/", name="oversight.sheet", rule="settlement.oversight")
def sheet(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One picture; without `picture` that of the days."""
    asked = fields.choice(request.GET, "picture", Words("图", "picture"), (*PICTURES, "what"), required=False)
    scene = scene_of(request, actor)
    picture = asked or "when"
    chart = (
        what(scene, oversight_diseases(viewer=actor, wanted=scene.wanted))
        if picture == "what"
        else PICTURES[picture](scene)
    )
    made = clock.now().astimezone(SHANGHAI)
    narrowed = in_words(*(one.words for one in chosen(scene.wanted, scene.today)))
    days = f"{scene.told.from_date} – {scene.told.until}"
    content = write_workbook(
        columns(chart), rows(chart), name=chart.title, language=scene.language,
        footer=(
            Words(f"结算日期：{days}", f"Settled: {days}"),
            Words(f"条件：{narrowed.zh}", f"Filter: {narrowed.en}"),
            *([chart.hint] if chart.hint else []),
            Words(f"导出：{actor.login}，{made:%Y-%m-%d %H:%M}", f"By {actor.login}, {made:%Y-%m-%d %H:%M}"),
        ),
    )  # fmt: skip
    answer = HttpResponse(content, content_type=EXCEL)
    name = f"{chart.title.say(scene.language)}-{scene.told.from_date:%Y%m}.xlsx"
    answer["Content-Disposition"] = (
        f"attachment; filename=\"{picture}.xlsx\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return answer


def columns(chart: Chart) -> list[ListColumn]:
    """The name, every series, and for shares the ends of their interval."""
    found = [ListColumn(chart.heading, width=24)]
    for series in chart.columns:
        found.append(ListColumn(series.words, FORMS[series.unit]))  # type: ignore[arg-type]
        if series.bands:
            found += [
                ListColumn(Words("95 % 区间自", "95 % interval from"), "percent"),
                ListColumn(Words("至", "to"), "percent"),
            ]
    return found


def rows(chart: Chart) -> Iterator[Sequence[ListCell]]:
    """One row a bar."""
    for place, bar in enumerate(chart.bars):
        row: list[ListCell] = [f"{bar.label}（{bar.note}）" if bar.note else bar.label]
        for series in chart.columns:
            row.append(series.values[place])
            if series.bands:
                row += series.bands[place] or (None, None)
        yield row
