"""The slip 医疗保障一站式结算单: one page for the patient, made from the stored decision and its head alone."""
