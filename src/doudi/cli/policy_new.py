"""`doudi policy new`: begins a policy and its cases in the user's own folder; never writes over a file."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from doudi.cli.arguments import EXIT_OK, UsageError
from doudi.cli.screen import Screen
from doudi.cli.starter import extending, standalone
from doudi.policy.library import Library, Policy, region_prefix

ID = re.compile(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)+")
REGION = re.compile(r"[0-9]{6}([0-9]{6})?")
NUMBERS = ("deductible", "rate", "cap")


def run(options: Namespace, screen: Screen) -> int:
    """Write the two files."""
    _check_arguments(options, screen)
    folder = Path(options.policies[0]) if options.policies else Path()
    policy_file = folder / f"{options.id}.yaml"
    cases_file = folder / f"{options.id}.cases.yaml"
    for path in (policy_file, cases_file):
        if path.exists():
            raise UsageError(screen.w(f"{path} 已经存在，没有改动", f"{path} exists and was left as it is"))
    if options.template:
        parent = Library([path for path in options.policies if Path(path).is_dir()]).load(options.template)
        region = options.region or parent.document.region
        begins = parent.document.in_force.from_.isoformat()
        texts = extending(options.id, parent.id, region, begins, str(policy_file), list(_paths(parent)),
                          region_prefix(region) if parent.document.pooling_area else None)  # fmt: skip
    else:
        texts = standalone(options.id, options.region, _year(options.id), str(policy_file))
    policy_file.parent.mkdir(parents=True, exist_ok=True)
    for path, text in zip((policy_file, cases_file), texts, strict=True):
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    if screen.as_json:
        screen.json({"policy": str(policy_file), "cases": str(cases_file)})
        return EXIT_OK
    screen.line(
        screen.w(f"已写 {policy_file} 和 {cases_file}", f"wrote {policy_file} and {cases_file}"), "good"
    )
    command = f"doudi policy check {options.id} --policies {folder}"
    screen.line(
        screen.w(
            f"下一步：改数字、写出处，然后 {command}", f"next: write numbers and sources, then {command}"
        )
    )
    return EXIT_OK


def _check_arguments(options: Namespace, screen: Screen) -> None:
    if not options.template and not options.region:
        raise UsageError(
            screen.w(
                "要写 --from 上级政策 或 --region 行政区划代码", "give --from a policy or --region a code"
            )
        )
    if not ID.fullmatch(options.id):
        raise UsageError(
            screen.w(
                f"编号 {options.id} 要写成 地区/名称-年份，用小写字母、数字和连字符",
                f"the id {options.id} must be region/name-year in small letters, digits and hyphens",
            )
        )
    if options.region and not REGION.fullmatch(options.region):
        raise UsageError(
            screen.w(
                f"行政区划代码 {options.region} 应为 6 位或 12 位数字",
                f"a division code has 6 or 12 digits, not {options.region}",
            )
        )


def _year(policy_id: str) -> int:
    """The year at the end of an id; a year long past where there is none, to be corrected by the author."""
    found = re.search(r"-((?:19|20)[0-9]{2})(?:-|$)", policy_id)
    return int(found[1]) if found else 2020


def _paths(parent: Policy) -> Iterator[str]:
    """What a child is likely to change: the numbers of each benefit, as override paths."""
    yield from (f"figures.{name}.value" for name in parent.document.figures)
    for payer in parent.document.payers:
        yield from (f"{payer.payer}.caps.{name}" for name in payer.caps)
        for benefit in payer.benefits:
            for key in NUMBERS:
                if getattr(benefit, key, None):
                    yield f"{payer.payer}.{benefit.benefit}.{key}"
            if benefit.bands:
                yield f"{payer.payer}.{benefit.benefit}.bands"
