"""The chapters of ICD-10 as ranges of three characters (GB/T 14396-2016, the same as WHO's ICD-10, 2016)."""

from __future__ import annotations

from doudi.words import Words

CHAPTERS: dict[str, tuple[str, str, Words]] = {
    "I": ("A00", "B99", Words("传染病和寄生虫病", "Infectious and parasitic diseases")),
    "II": ("C00", "D48", Words("肿瘤", "Neoplasms")),
    "III": ("D50", "D89", Words("血液及造血器官、免疫疾病", "Blood and immune disorders")),
    "IV": ("E00", "E90", Words("内分泌、营养和代谢疾病", "Endocrine and metabolic diseases")),
    "V": ("F00", "F99", Words("精神和行为障碍", "Mental disorders")),
    "VI": ("G00", "G99", Words("神经系统疾病", "Nervous system")),
    "VII": ("H00", "H59", Words("眼和附器疾病", "Eye")),
    "VIII": ("H60", "H95", Words("耳和乳突疾病", "Ear")),
    "IX": ("I00", "I99", Words("循环系统疾病", "Circulatory system")),
    "X": ("J00", "J99", Words("呼吸系统疾病", "Respiratory system")),
    "XI": ("K00", "K93", Words("消化系统疾病", "Digestive system")),
    "XII": ("L00", "L99", Words("皮肤和皮下组织疾病", "Skin")),
    "XIII": ("M00", "M99", Words("肌肉骨骼和结缔组织疾病", "Musculoskeletal system")),
    "XIV": ("N00", "N99", Words("泌尿生殖系统疾病", "Genitourinary system")),
    "XV": ("O00", "O99", Words("妊娠、分娩和产褥期", "Pregnancy and childbirth")),
    "XVI": ("P00", "P96", Words("围生期情况", "Perinatal conditions")),
    "XVII": ("Q00", "Q99", Words("先天性畸形和染色体异常", "Congenital malformations")),
    "XVIII": ("R00", "R99", Words("症状和体征", "Symptoms and signs")),
    "XIX": ("S00", "T98", Words("损伤和中毒", "Injury and poisoning")),
    "XX": ("V01", "Y98", Words("外因", "External causes")),
    "XXI": ("Z00", "Z99", Words("影响健康状态的因素", "Factors influencing health")),
    "XXII": ("U00", "U99", Words("特殊目的编码", "Codes for special purposes")),
}
"""Number → first code, last code, name (shortened)."""
NO_DISEASE = "none"


def chapter_of(disease: str) -> str:
    """The chapter of three characters; "" where they belong to none (no diagnosis, or no code of ICD-10)."""
    return next((number for number, (first, last, _) in CHAPTERS.items() if first <= disease <= last), "")


def span_of(disease: str) -> tuple[str, str] | None:
    """The first and last three characters that a filter of diseases means; None for one that is not narrowed."""
    if not disease:
        return None
    if disease in CHAPTERS:
        return CHAPTERS[disease][:2]
    return (disease, disease) if disease != NO_DISEASE else ("", "")
