"""Sealed values open for their purpose alone; keys stay in their file; rotations lose nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.server.kernel import idempotency, sealing
from doudi.server.kernel.canonical import fingerprint
from doudi.server.kernel.models import GivenAnswer
from doudi.server.kernel.scope import Scope, scoped
from doudi.server.kernel.sealing import keys as key_file
from doudi.server.kernel.sealing import selftest
from doudi.server.kernel.sealing.errors import AlgorithmBroken, KeyFileBroken

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
LIUZHI, RONGJIANG = 520203101, 522632101
NUMBER = "people.number"


@pytest.fixture
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOUDI_KEYS", str(tmp_path / "keys" / "keys.json"))
    return sealing.ensure_keys(now=NOW)


@given(st.text(), st.integers(min_value=0, max_value=999_999_999))
def test_what_is_sealed_opens_again(plain: str, region: int) -> None:
    assert sealing.unseal_text(sealing.seal(plain, region=region, purpose=NUMBER), purpose=NUMBER) == plain


@given(st.binary(max_size=60), st.data())
def test_one_changed_bit_does_not_open(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(sealing.seal(plain, region=LIUZHI, purpose=NUMBER))
    bit = data.draw(st.integers(min_value=0, max_value=len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(sealing.SealingError):
        sealing.unseal(bytes(sealed), purpose=NUMBER)


@given(st.integers(min_value=0, max_value=53))
def test_a_value_cut_short_does_not_open(length: int) -> None:
    sealed = sealing.seal("520203197001010027", region=LIUZHI, purpose=NUMBER)
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(sealed[:length], purpose=NUMBER)


def test_a_value_moved_to_another_field_does_not_open() -> None:
    sealed = sealing.seal("13800000000", region=LIUZHI, purpose="people.phone")
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(sealed, purpose=NUMBER)


def test_a_value_under_another_county_s_header_does_not_open() -> None:
    ours = sealing.seal("1", region=LIUZHI, purpose=NUMBER)
    theirs = sealing.seal("1", region=RONGJIANG, purpose=NUMBER)
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(theirs[:8] + ours[8:], purpose=NUMBER)


def test_equal_values_are_sealed_unequally_and_say_nothing() -> None:
    first, second = sealing.seal_all(["520203197001010027"] * 2, region=LIUZHI, purpose=NUMBER)
    assert first != second
    assert b"520203197001010027" not in first


def test_what_the_database_gives_back_opens() -> None:
    sealed = sealing.seal("张三", region=LIUZHI, purpose=NUMBER)
    assert sealing.unseal(memoryview(sealed), purpose=NUMBER).decode() == "张三"


@pytest.mark.parametrize("cipher", ["sm4-gcm", "aes-256-gcm"])
def test_either_cipher_may_be_chosen_and_both_are_read(
    cipher: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOUDI_KEYS", str(tmp_path / "keys.json"))
    path = sealing.ensure_keys(now=NOW, cipher=cipher)
    sealed = sealing.seal("1", region=LIUZHI, purpose=NUMBER)
    other = {"sm4-gcm": "aes-256-gcm", "aes-256-gcm": "sm4-gcm"}[cipher]
    path.write_text(path.read_text().replace(cipher, other))
    assert sealed[1] == sealing.CIPHERS[cipher].code
    assert sealing.unseal(sealed, purpose=NUMBER) == b"1"
    assert not sealing.is_current(sealed)
    (again,) = sealing.reseal_all([sealed], purpose=NUMBER)
    assert again is not None
    assert again[1] == sealing.CIPHERS[other].code


def test_indexes_are_equal_for_equal_values_of_one_purpose_only() -> None:
    one = sealing.blind_index("520203197001010027", purpose=NUMBER)
    assert one == sealing.blind_indexes(["1", "520203197001010027"], purpose=NUMBER)[1]
    assert len(one) == 32
    assert one != sealing.blind_index("520203197001010027", purpose="people.phone")
    assert one != sealing.blind_index("520203197001010019", purpose=NUMBER)


def test_indexes_depend_on_the_key(own_keys: Path) -> None:
    before = sealing.blind_index("1", purpose=NUMBER)
    own_keys.unlink()
    sealing.ensure_keys(now=NOW)
    assert sealing.blind_index("1", purpose=NUMBER) != before


def test_published_answers() -> None:
    sealing.check_algorithms()
    assert {"SM3", "SM4", "HMAC-SM3", "SM4-GCM", "AES-256-GCM"} == set(selftest.KNOWN)


@pytest.mark.parametrize("ask", [lambda: b"wrong", lambda: 1 // 0])
def test_a_machine_with_a_broken_algorithm_is_refused(ask: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(selftest.KNOWN, "SM4", (ask, "00"))
    with pytest.raises(AlgorithmBroken, match="SM4"):
        sealing.check_algorithms()


def test_the_key_file_is_readable_by_its_owner_alone(own_keys: Path) -> None:
    assert own_keys.stat().st_mode & 0o777 == 0o600
    assert own_keys.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in own_keys.parent.iterdir()] == ["keys.json"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_an_open_key_file_is_refused_with_its_remedy(own_keys: Path, mode: int) -> None:
    own_keys.chmod(mode)
    with pytest.raises(sealing.KeyFileOpen) as refused:
        sealing.seal("1", region=LIUZHI, purpose=NUMBER)
    assert f"chmod 600 {own_keys}" in refused.value.words.zh


def test_a_missing_key_file_is_never_made_silently(own_keys: Path) -> None:
    own_keys.unlink()
    with pytest.raises(sealing.KeyFileMissing, match="Restore it from its backup"):
        sealing.seal("1", region=LIUZHI, purpose=NUMBER)
    assert not own_keys.exists()


@pytest.mark.parametrize("text", ["", "{}", '{"format": 2}', "[]"])
def test_a_broken_key_file_is_named(own_keys: Path, text: str) -> None:
    own_keys.write_text(text)
    with pytest.raises(KeyFileBroken, match=r"keys\.json"):
        sealing.seal("1", region=LIUZHI, purpose=NUMBER)


def test_ensuring_keys_again_keeps_them(own_keys: Path) -> None:
    before = own_keys.read_bytes()
    assert sealing.ensure_keys(now=NOW) == own_keys
    assert own_keys.read_bytes() == before


def test_keys_do_not_show_in_what_is_printed(own_keys: Path) -> None:
    held = key_file.keys()
    assert held.masters[0].secret.hex() not in repr(held)
    assert str(held.masters[0].secret) not in repr(held)


def test_rotation_drill(own_keys: Path) -> None:
    """New master; both open; sealed again in batches; the old master is retired; nothing needs it."""
    old = sealing.seal_all([str(number) for number in range(50)], region=LIUZHI, purpose=NUMBER)
    assert sealing.rotate_master(now=NOW) == 2
    new = sealing.seal("50", region=LIUZHI, purpose=NUMBER)
    assert (sealing.sealed_version(old[0]), sealing.sealed_version(new)) == (1, 2)
    assert sealing.unseal_all([*old, new], purpose=NUMBER) == [str(number).encode() for number in range(51)]
    again = sealing.reseal_all([*old, new], purpose=NUMBER)
    assert again[50] is None
    fresh = [item for item in again if item is not None]
    assert {sealing.sealed_version(item) for item in fresh} == {2}
    sealing.retire_master(1)
    assert sealing.unseal_all(fresh, purpose=NUMBER) == [str(number).encode() for number in range(50)]
    with pytest.raises(sealing.KeyVersionMissing, match="version 1") as missing:
        sealing.unseal(old[0], purpose=NUMBER)
    assert missing.value.version == 1
    with pytest.raises(ValueError, match="in use"):
        sealing.retire_master(2)


def test_index_rotation(own_keys: Path) -> None:
    first = sealing.blind_index("1", purpose=NUMBER)
    assert sealing.next_blind_index("1", purpose=NUMBER) is None
    assert sealing.begin_index_rotation(now=NOW) == sealing.begin_index_rotation(now=NOW) == 2
    assert sealing.rotating_index()
    second = sealing.next_blind_index("1", purpose=NUMBER)
    assert sealing.blind_index("1", purpose=NUMBER) == first != second
    sealing.finish_index_rotation()
    assert sealing.blind_index("1", purpose=NUMBER) == second
    assert not sealing.rotating_index()
    assert sealing.all_blind_indexes("1", purpose=NUMBER) == [first, second]
    with pytest.raises(ValueError, match="no index rotation"):
        sealing.finish_index_rotation()


@pytest.mark.django_db
def test_a_request_is_kept_as_a_keyed_hash_and_recognised_after_a_rotation(own_keys: Path) -> None:
    """A plain hash of a name, a birth date and a number would be found by trying."""
    request = {"name": "张三", "number": "520203197001010027"}
    with scoped(Scope(user=1)):
        number = idempotency.claim(user=1, operation="x", key="k", request=request, now=NOW)
        kept = GivenAnswer.objects.get(pk=number).request_sm3
        assert kept != fingerprint(request)
        sealing.begin_index_rotation(now=NOW)
        sealing.finish_index_rotation()
        assert idempotency.claim(user=1, operation="x", key="k", request=request, now=NOW) is None
        with pytest.raises(idempotency.KeyTaken):
            idempotency.claim(user=1, operation="x", key="k", request={**request, "name": "李四"}, now=NOW)
