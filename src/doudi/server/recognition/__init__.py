"""认定: which categories a person has, since when, by which department, on what evidence."""
