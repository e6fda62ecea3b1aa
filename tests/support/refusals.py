"""The refusals that only tables of bills meet; test_batch_tables.py and test_batch_files.py reach each by name."""

OF_TABLES = (
    "bill_not_found", "bill_of_many", "column_missing", "column_type", "column_unknown", "columns_only",
    "folder_of_others", "number_unknown", "person_not_listed", "person_twice", "rows_lost", "sweep_empty",
    "table_unreadable",
)  # fmt: skip
