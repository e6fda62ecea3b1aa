"""Why a drawn mistake survives the check, by `Tried.key` of faults_evidence.py: read, understood, written by hand."""

_ASSUMED = (
    "the number keeps its citation; that the cited text says less than the number, only its reader knows"
)

REASONS: dict[str, str] = {
    "chongqing/five-layers-2017 | citation dropped | grants.[grant death_by_disease].assumed": _ASSUMED,
    "chongqing/five-layers-2017 | citation dropped | payers.[payer supplement].benefits.[benefit large_cost].deductible"
    ".assumed": _ASSUMED,
    "guizhou/liuzhi/triple-guarantee-2017 | citation dropped | payers.[payer catastrophic].benefits.[benefit supplement]"
    ".cap.assumed": _ASSUMED,
    "guizhou/liuzhi/triple-guarantee-2017 | another word | law.as_of": "no case is discharged under one version of the "
    "law and settled under another; the words that pick dates are not among what the cases must turn on",
    "jilin/baishan/major-disease-2017 | citation dropped | diseases.child_atrial_septal_defect.assumed": _ASSUMED,
    "jilin/baishan/major-disease-2017 | citation dropped | diseases.colon_cancer.assumed": _ASSUMED,
    "jilin/baishan/major-disease-2017 | another word | year.across": "no case has a stay across the turn of the year; "
    "the words that pick dates are not among what the cases must turn on",
    "shandong/catastrophic-2014 | key dropped | payers.[payer basic].decided": "an amount that arrives with a bill "
    "counts whether or not the policy says `decided: elsewhere`, so every bill comes out the same",
    "shandong/poverty-2017 | key dropped | programmes.chronic_contract.diseases.[from 2017-01-01].from": "the list "
    "begins on the policy's first day with or without the date: no bill can tell, only a date to be sourced is gone",
}
