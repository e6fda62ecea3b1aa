"""Worked requests of the main doors, as they stand in the document. A test reads each with its door's own shape.

Names are fictional; the identity numbers are of days before 1930 with right check digits.
"""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, Any] = {
    "people.register": {
        "region": 520203101,
        "name": "王小明",
        "number": "520203192505010011",
        "village_code": 520203101001,
        "phone": "13800000000",
        "ethnicity": "01",
    },
    "people.find_at_facility": {"number": "520203192505010011"},
    "people.search": {"text": "王小明"},
    "people.persons": {"wanted": {"region_code": 520203101000, "age_from": 60}, "number": 0, "size": 50},
    "people.unmask": {"person": 1, "field": "phone", "purpose": "电话通知领取救助金"},
    "people.match_numbers": {"numbers": ["520203192505010011"]},
    "entitlement.card": {"person": 1, "day": "2026-11-25"},
    "recognition.recognise": {
        "person": 1,
        "terms": {
            "category": "subsistence_allowance",
            "from_date": "2026-11-01",
            "until_date": None,
            "source_department": "",
            "evidence": "六枝民发〔2026〕12号",
        },
    },
    "recognition.categories_on": {"person": 1, "day": "2026-11-25"},
    "enrolment.enrol": {
        "person": 1,
        "terms": {
            "scheme": "resident",
            "year": 2026,
            "status": "insured",
            "from_date": "2026-01-01",
            "until_date": "2027-01-01",
            "premium_fen": 40000,
            "paid_on": "2025-12-01",
        },
    },
    "filings.file": {
        "person": 1,
        "terms": {
            "kind": "referral",
            "from_date": "2026-11-25",
            "until_date": "2026-12-25",
            "target_facility": 2,
            "reason": "病情需要",
        },
    },
    "imports.upload": {
        "kind": "enrolment.list",
        "region": 520203000,
        "file_name": "2026年参保名单.csv",
        "content": "6Lqr5Lu96K+B5Y+356CBLOWnk+WQjSznvLTotLnnirbmgIENCjUyMDIwMzE5MjUwNTAxMDAxMSznjovl"
        "sI/mmI4s5bey57y06LS5DQo=",
        "options": {"evidence": "2026年参保名单", "scheme": "resident", "year": "2026", "status": "insured"},
    },
    "imports.examine": {"number": 1},
    "imports.apply": {"number": 1, "expected": 1},
    "reference.facilities": {"day": "2026-11-25", "page": 0, "size": 50},
    "access.propose": {
        "name": "recognition.end_late",
        "content": {"recognition": 1, "until_date": "2026-06-01", "reason": "核查发现不再符合条件"},
        "region": 520203101,
        "summary": "追溯终止低保认定",
    },
    "access.approve": {"proposal": 1, "content_sm3": "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"},
}  # fmt: skip
