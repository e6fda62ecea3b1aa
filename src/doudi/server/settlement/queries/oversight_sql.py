"""The SQL texts of sums of settlements: the same measures from rows, from days and from months.

Every text is ours and every value is bound. Reversed settlements are counted, and add no money.
"""

from __future__ import annotations

PAYERS = ("basic", "catastrophic", "supplement", "inclined_aid", "assistance", "last_resort")
"""Payers with a column (and a colour) of their own; what else a policy calls a payer is in `others`."""
PARTS = ("region", "facility_id", "care", "level", "categories", "disease")
"""What a sum is of, beside its period."""
COUNTS = ("bills", "reversed", "readjudicated")
MONEY = (
    "total_fen", "in_scope_fen", "hospital_fen", "patient_fen", "patient_in_scope_fen",
    *(f"{payer}_fen" for payer in PAYERS),
)  # fmt: skip
SPREAD = ("own_square", "total_square", "own_by_total")
MEASURES = (*COUNTS, *MONEY, *SPREAD)
_OTHERS = "ARRAY[" + ", ".join(f"'{payer}'" for payer in PAYERS) + "]"
STANDS = "kind <> 'reversed'"

ROW: dict[str, str] = {
    "bills": f"({STANDS})::integer",
    "reversed": "(kind = 'reversed')::integer",
    "readjudicated": "(kind = 'replaced')::integer",
    **{name: f"CASE WHEN {STANDS} THEN {name} ELSE 0 END" for name in MONEY[:5]},
    **{
        f"{payer}_fen": f"CASE WHEN {STANDS} THEN coalesce((shares ->> '{payer}')::bigint, 0) ELSE 0 END"
        for payer in PAYERS
    },
    "own_square": f"CASE WHEN {STANDS} AND care = 'inpatient' THEN (patient_fen / 100) * (patient_fen / 100) ELSE 0 END",
    "total_square": f"CASE WHEN {STANDS} AND care = 'inpatient' THEN (total_fen / 100) * (total_fen / 100) ELSE 0 END",
    "own_by_total": f"CASE WHEN {STANDS} AND care = 'inpatient' THEN (patient_fen / 100) * (total_fen / 100) ELSE 0 END",
}
"""Each measure of one current version."""
ROW_OTHERS = f"CASE WHEN {STANDS} THEN nullif(shares - {_OTHERS}, '{{}}') END"
ROW_DISEASE = "upper(left(main_diagnosis, 3))"
ROW_PARTS = "region, facility_id, care, level, categories"


def measures_of_rows(measures: tuple[str, ...] = MEASURES) -> str:
    """Measures of a current version, named."""
    return ", ".join(f"{ROW[name]} AS {name}" for name in measures)


def summed(measures: tuple[str, ...] = MEASURES) -> str:
    """Sums of measures, named as they are."""
    return ", ".join(f"sum({name})::bigint AS {name}" for name in measures)


def added(source: str) -> str:
    """A statement that adds `source` (parts, measures and `others` of a grain and period) to the sums, summed.

    `source` has the columns `grain`, `begins_on`, the parts, the measures, `others`.
    """
    keys = ", ".join(("grain", "begins_on", *PARTS))
    joined = " AND ".join(f"s.{name} = o.{name}" for name in ("grain", "begins_on", *PARTS))
    names = ", ".join(("grain", "begins_on", *PARTS, *MEASURES))
    listed = ", ".join(f"s.{name}" for name in ("grain", "begins_on", *PARTS, *MEASURES))
    return f"""
        WITH source AS MATERIALIZED ({source}),
        sums AS (SELECT {keys}, {summed()} FROM source GROUP BY {keys}),
        rest AS (SELECT {keys}, jsonb_object_agg(payer, fen) AS others FROM (
          SELECT {keys}, each.key AS payer, sum(each.value::bigint) AS fen
            FROM source, jsonb_each_text(others) AS each GROUP BY {keys}, each.key) x GROUP BY {keys})
        INSERT INTO settlement_periodtotal ({names}, others)
        SELECT {listed}, o.others FROM sums s LEFT JOIN rest o ON {joined}"""  # noqa: S608 - our own names
