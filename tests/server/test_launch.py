"""What the commands rest on: stopping once and at a good moment; one secret; a demo only where nobody is."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from doudi.server.kernel.errors import Refused
from doudi.server.site.launch import demonstration, preparation, serving
from doudi.server.site.launch.signals import stoppable


def ask_to_stop(number=signal.SIGTERM):
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_asked_it_stops_once(number):
    with stoppable() as stopping:
        with pytest.raises(KeyboardInterrupt):
            ask_to_stop(number)
        ask_to_stop(number)
        assert stopping.asked


def test_what_must_not_be_interrupted_is_finished_first():
    done = []

    def works(stopping):
        with stopping.put_off():
            ask_to_stop()
            done.append("all")

    with stoppable() as stopping, pytest.raises(KeyboardInterrupt):
        works(stopping)
    assert done == ["all"]


def test_a_worker_is_only_told():
    with stoppable() as stopping:
        with stopping.put_off(quietly=True):
            ask_to_stop()
        assert stopping.asked


def test_while_it_ends_nothing_interrupts():
    with stoppable() as stopping:
        stopping.no_more()
        ask_to_stop()


def test_nohup_is_respected():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable() as stopping:
            ask_to_stop(signal.SIGHUP)
            assert not stopping.asked
    finally:
        signal.signal(signal.SIGHUP, before)


def test_the_secret_is_made_once_whoever_comes_first(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: preparation.secret(tmp_path), range(32)))
    assert len(made) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
        ("doudi.test", "http://doudi.test:8000/"),
    ],
)
def test_the_address_a_browser_opens(host, address):
    assert serving.address_of(host, 8000) == address


def test_listening_for_others_needs_their_names(monkeypatch):
    monkeypatch.delenv("DOUDI_HOSTS", raising=False)
    assert serving.hosts_warning("127.0.0.1") is None
    assert "DOUDI_HOSTS" in serving.hosts_warning("0.0.0.0").zh
    monkeypatch.setenv("DOUDI_HOSTS", "doudi.test")
    assert serving.hosts_warning("0.0.0.0") is None


def test_without_a_wish_the_next_free_port():
    first = serving.choose_port("127.0.0.1", None)
    with serving.socket.socket() as taken:
        taken.setsockopt(serving.socket.SOL_SOCKET, serving.socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", first))
        taken.listen()
        assert serving.choose_port("127.0.0.1", None) > first
        with pytest.raises(Refused):
            serving.choose_port("127.0.0.1", first)


def test_a_process_that_ends_at_once_is_given_up(monkeypatch):
    monkeypatch.setattr(serving.time, "sleep", lambda _: None)
    child = serving.Child("web", ["no such thing"], pipe=0, environment={"PATH": os.environ["PATH"]})
    monkeypatch.setattr(serving.sys, "executable", "/bin/false")
    child.start()
    for _ in range(serving.SHORT_LIVES - 1):
        child.process.wait()
        child.again("logs")
    child.process.wait()
    with pytest.raises(Refused) as refused:
        child.again("logs")
    assert refused.value.code == "serve.child_fails"


def test_the_demo_keeps_away_from_real_people(tmp_path, monkeypatch):
    monkeypatch.setattr(demonstration, "_people", lambda: True)
    with pytest.raises(Refused) as refused:
        demonstration.accounts_of(tmp_path, 10, lambda *_: None)
    assert refused.value.code == "demo.not_empty"


def test_the_demo_is_filled_once_and_its_accounts_are_kept_for_their_owner(tmp_path, monkeypatch):
    from doudi.server.site import demo
    from doudi.words import Words

    account = demonstration.DemoAccount("liuzhi-county", "secret", Words("县级经办", "county"))
    asked = []
    monkeypatch.setattr(demonstration, "_people", lambda: bool(asked))
    monkeypatch.setattr(demonstration, "_survey", lambda: None)
    monkeypatch.setattr(demo, "fill", lambda people, progress: asked.append(people) or (account,))
    for _ in range(2):
        assert demonstration.accounts_of(tmp_path, 10, lambda *_: None) == [account]
    assert asked == [10]
    assert (tmp_path / "demo.json").stat().st_mode & 0o077 == 0
