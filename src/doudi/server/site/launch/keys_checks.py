"""What `doudi doctor` says of the keys: versions, what is still to be sealed again, a change that was broken off."""

from __future__ import annotations

from doudi.server.kernel.sealing import SealingError
from doudi.server.site.launch.checks import Check
from doudi.server.site.launch.keys_errors import file_does_not_fit
from doudi.server.site.launch.keys_state import KeysState, state
from doudi.words import Words

NAME = Words("密钥版本", "versions of the keys")


def check() -> Check:
    """The first thing that is wrong or under way, or which versions are in use."""
    try:
        now = state()
    except SealingError as error:  # a value that does not open
        return Check("key_versions", NAME, False, error.words)
    held = _held(now)
    if now.missing:
        listed = "、".join(map(str, now.missing))
        found = Words(
            f"{held.zh}；有值要第 {listed} 版才能解开", f"{held.en}; some values need version {listed}"
        )
        remedy = Words(
            "请从备份找回含该版的密钥文件。", "Bring back the key file that holds it from its backup."
        )
        return Check("key_versions", NAME, False, found, remedy)
    if not now.fits:
        refused = file_does_not_fit()
        return Check("key_versions", NAME, False, refused.words, refused.remedy)
    if now.switch_broken_off:
        found = Words(f"{held.zh}；上次切换索引没有做完", f"{held.en}; a switch of the index was broken off")
        return Check(
            "key_versions",
            NAME,
            None,
            found,
            Words("请运行 doudi keys switch-index。", "Run doudi keys switch-index."),
        )
    if now.to_seal_again:
        found = Words(
            f"{held.zh}；{now.to_seal_again} 个值还是旧版",
            f"{held.en}; {now.to_seal_again} values are of an older one",
        )
        return Check(
            "key_versions", NAME, None, found, Words("请运行 doudi keys reseal。", "Run doudi keys reseal.")
        )
    if now.next_index is not None:
        found = Words(
            f"{held.zh}；正在更换索引密钥，{now.unfilled} 人未填",
            f"{held.en}; the index key is being changed, {now.unfilled} persons to fill",
        )
        remedy = Words("见 doudi keys status。", "See doudi keys status.")
        return Check("key_versions", NAME, None, found, remedy)
    return Check("key_versions", NAME, True, held)


def _held(now: KeysState) -> Words:
    masters = "、".join(f"{one.version}*" if one.current else str(one.version) for one in now.masters)
    return Words(f"主密钥 {masters}，索引密钥 {now.index}", f"masters {masters}, index key {now.index}")
