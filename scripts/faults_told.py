"""Why a drawn mistake survives the check, by `Tried.key` of faults_evidence.py: read, understood, written by hand."""

_CODES = "no case has this diagnosis; whether a code belongs to its disease cannot be known from the policy"
_ASSUMED = (
    "the number keeps its citation; that the cited text says less than the number, only its reader knows"
)
_FUND = "a fund that exists, or none: the cases expect amounts of payers and not of funds"

REASONS: dict[str, str] = {
    "chongqing/five-layers-2017 | band dropped | payers.[payer relief_fund].benefits.[benefit outside_the_list].bands."
    "[above 50000]": "in the only case that reaches this band the cap of 30 % of the total decides",
    "chongqing/five-layers-2017 | citation dropped | grants.[grant death_by_disease].assumed": _ASSUMED,
    "chongqing/five-layers-2017 | item dropped | payers.[payer catastrophic].when.care.[1]": "no case has special "
    "outpatient care above the deductible of this payer",
    "chongqing/five-layers-2017 | two items swapped | payers.[payer health_fund]": "no case has both pay on one bill",
    "guizhou/liuzhi/triple-guarantee-2017 | item dropped | diseases.full_pay.icd10.[1]": _CODES,
    "guizhou/liuzhi/triple-guarantee-2017 | key dropped | payers.[payer basic].fund": _FUND,
    "guizhou/liuzhi/triple-guarantee-2017 | citation dropped | payers.[payer catastrophic].benefits.[benefit supplement]"
    ".cap.assumed": _ASSUMED,
    "guizhou/rongjiang/medical-assistance-2017 | item dropped | programmes.major_diseases.diseases.[16]": "no case has "
    "this disease, and a gap says that the list is not complete",
    "guizhou/rongjiang/medical-assistance-2017 | another word | payers.[payer catastrophic].when.care.[1]": "no case has "
    "special outpatient care above the deductible of this payer",
    "guizhou/rongjiang/medical-assistance-2017 | item dropped | diseases.child_acute_leukaemia.icd10.[0]": _CODES,
    "guizhou/rongjiang/medical-assistance-2017 | item dropped | programmes.major_diseases.diseases.[5]": "no case has "
    "this disease, and a gap says that the list is not complete",
    "jilin/baishan/major-disease-2017 | citation dropped | diseases.oesophageal_cancer.assumed": _ASSUMED,
    "jilin/baishan/major-disease-2017 | citation dropped | diseases.child_atrial_septal_defect.assumed": _ASSUMED,
    "jilin/baishan/major-disease-2017 | citation dropped | payers.[payer catastrophic].benefits.[benefit by_amount]."
    "adjust.[number deductible].assumed": _ASSUMED,
    "jilin/baishan/major-disease-2017 | key dropped | bill.[rule child_price].when.programme": "no case has a child with "
    "one of the diseases who is not in the programme",
    "jilin/baishan/major-disease-2017 | citation dropped | payers.[payer assistance].caps.inpatient.assumed": _ASSUMED,
    "jilin/baishan/major-disease-2017 | when dropped | payers.[payer assistance].benefits.[benefit special_outpatient]."
    "when": "it is the last benefit, and no case has ordinary outpatient care that reaches it",
    "national/medical-assistance-2021 | when dropped | payers.[payer catastrophic].when": "no case has ordinary "
    "outpatient care above the deductible of this payer",
    "shandong/catastrophic-2014 | another name | payers.[payer catastrophic].fund": _FUND,
    "shandong/catastrophic-2014 | item dropped | diseases.end_stage_kidney_disease.icd10.[0]": _CODES,
    "shandong/catastrophic-2014 | amount ×10 | diseases.child_leukaemia.age.below": "no case has an adult with leukaemia",
    "shandong/catastrophic-2014 | code off by a digit | diseases.child_congenital_heart_disease.icd10.[0]": _CODES,
    "shandong/county-community-2024 | flag turned | diseases.hypertension.anywhere": "no case has this disease beside "
    "another main diagnosis",
    "shandong/county-community-2024 | name misspelt | schemes.[0]": "the cases whose persons have a scheme are refused "
    "either way, and schemes have no shared list of names",
    "shandong/poverty-2017 | code off by a digit | diseases.melanoma_of_skin.icd10.[0]": _CODES,
    "shandong/poverty-2017 | code off by a digit | diseases.child_congenital_heart_disease.icd10.[0]": _CODES,
}
