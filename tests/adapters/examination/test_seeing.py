"""What is seen of owners, limits, room, proxies and certificates."""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from dropbox_agent.adapters.examination import (
    as_user,
    long_paths_enabled,
    open_files,
    owner_of_process,
    ownership,
    proxy_facts,
    rooms,
    stored_credentials,
    trust_facts,
    user_name,
    watch_limits,
)
from dropbox_agent.adapters.writer_probe import probe
from dropbox_agent.errors import BadConfiguration, NoPermission
from tests.adapters.import_api.wire import CERTIFICATE
from tests.mountings import mounted
from tests.rights import as_nobody, needs_rights, open_folder

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these")
as_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="files of two users need an administrator"
)
MOST_INSTANCES = 1000
URL = "https://api.example.com"
LOADING = """
import codecs, pathlib, sys
from dropbox_agent.adapters.examination.users import LOADED_LATE
from dropbox_agent.settings.envfile import read_env_file

for encoding in LOADED_LATE:
    codecs.lookup(encoding)
before = set(sys.modules)
read_env_file(pathlib.Path(sys.argv[1]))
print(*set(sys.modules) - before)
"""
"""Prints which modules are loaded when settings are read."""


@needs_rights
def test_ones_own_files_are_readable_and_their_writers_known(tmp_path: Path) -> None:
    """Names that are left alone do not count."""
    (tmp_path / "a.csv").write_bytes(b"code\n")
    (tmp_path / ".a.csv").write_bytes(b"code\n")
    seen = ownership(tmp_path, probe)
    assert seen is not None
    assert (seen.looked_at, seen.foreign, seen.unreadable, seen.unknown) == (1, 0, 0, 0)
    assert (seen.is_sticky, seen.may_rename) == (False, True)


def test_a_folder_that_is_not_there_has_no_owner(tmp_path: Path) -> None:
    """Its own finding tells of it."""
    assert ownership(tmp_path / "missing", probe) is None


@as_root
def test_files_of_others_are_counted_by_what_can_be_done_with_them() -> None:
    """Nobody sees one that is closed to it, and one whose writers it is not told."""
    with open_folder() as folder:
        folder.chmod(0o1777)
        (folder / "closed.csv").write_bytes(b"code\n")
        (folder / "closed.csv").chmod(0o600)
        (folder / "open.csv").write_bytes(b"code\n")
        (folder / "open.csv").chmod(0o644)
        with as_nobody():
            seen = ownership(folder, probe)
    assert seen is not None
    assert (seen.looked_at, seen.foreign, seen.unreadable, seen.unknown) == (2, 2, 1, 1)
    assert (seen.is_sticky, seen.may_rename, seen.example) == (True, False, "closed.csv")


@on_linux
def test_the_limits_of_inotify_are_seen(tmp_path: Path) -> None:
    """And how many folders there are to watch."""
    (tmp_path / "contacts").mkdir()
    seen = watch_limits(tmp_path)
    assert seen is not None
    assert seen.instances > 0
    assert seen.watches > 0
    assert seen.folders == 2


@as_root
def test_instances_that_are_used_up_are_noticed(tmp_path: Path) -> None:
    """By asking for one more; those in use are counted."""
    import ctypes

    seen = watch_limits(tmp_path)
    assert seen is not None
    if seen.instances > MOST_INSTANCES:
        pytest.skip("there are too many to use them up")
    kernel = ctypes.CDLL(None)
    with as_nobody(), ExitStack() as taken:
        while (instance := kernel.inotify_init1(os.O_CLOEXEC)) >= 0:
            taken.callback(os.close, instance)
        seen = watch_limits(tmp_path)
    assert seen is not None
    assert seen.refused


@needs_rights
def test_the_limit_of_open_files_is_seen() -> None:
    """A number, or none for no limit."""
    limit = open_files()
    assert limit is None or limit > 0


def test_folders_of_one_disk_share_their_room(tmp_path: Path) -> None:
    """It is told once; folders that are not there have none."""
    (tmp_path / "b").mkdir()
    folders = {"inbox": tmp_path, "state": tmp_path / "b", "failed": tmp_path / "missing"}
    (room,) = rooms(folders)
    assert room.folders == ("inbox", "state")
    assert room.free > 0
    assert room.has_places


def test_disks_are_told_apart_and_missing_places_noticed(tmp_path: Path) -> None:
    """A disk may have room for bytes and none for files."""
    (tmp_path / "b").mkdir()
    with mounted(tmp_path / "b", "-t", "tmpfs", "-o", "nr_inodes=1", "tmpfs"):
        found = rooms({"inbox": tmp_path, "state": tmp_path / "b"})
    assert [(each.folders, each.has_places) for each in found] == [
        (("inbox",), True),
        (("state",), False),
    ]


def test_the_proxy_of_a_host_is_seen_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """And by which names."""
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@proxy.example.com:3128")
    seen = proxy_facts(URL, os.environ)
    assert seen.used == "http://proxy.example.com:3128"
    assert "HTTPS_PROXY" in seen.named
    assert "secret" not in str(seen)


def test_a_host_may_be_reached_past_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """By ``NO_PROXY``."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    monkeypatch.setenv("NO_PROXY", "example.com")
    seen = proxy_facts(URL, os.environ)
    assert seen.used is None
    assert {"HTTPS_PROXY", "NO_PROXY"} <= set(seen.named)


@needs_rights
def test_two_spellings_that_disagree_are_noticed() -> None:
    """Which of them counts is a matter of the library."""
    environ = {"HTTPS_PROXY": "http://a:1", "https_proxy": "http://b:1"}
    assert proxy_facts(URL, environ).torn == ("HTTPS_PROXY",)


def test_certificates_of_ones_own_are_counted(tmp_path: Path) -> None:
    """Those of the settings count before those of the environment; usual ones are not told."""
    assert trust_facts(None, {}).file is None
    assert trust_facts(None, {"REQUESTS_CA_BUNDLE": str(CERTIFICATE)}).count == 1
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("no certificate", encoding="utf-8")
    seen = trust_facts(wrong, {"REQUESTS_CA_BUNDLE": str(CERTIFICATE)})
    assert (seen.file, seen.named_by) == (str(wrong), "CONNECTIF_CA_BUNDLE")
    assert seen.fault


@on_linux
def test_users_have_names() -> None:
    """Ours, and that of a process; one that is not there has none."""
    assert owner_of_process(os.getpid()) == user_name()
    assert owner_of_process(2**22 + 1) is None


@on_linux
def test_only_root_tries_as_others() -> None:
    """As oneself everybody may; there has to be such a user."""
    assert as_user(str(os.geteuid()), lambda: [{"a": 1}]) == [{"a": 1}]
    with pytest.raises(BadConfiguration, match="no user"):
        as_user("no-such-user-here", list)
    with as_nobody(), pytest.raises(NoPermission, match="Only root"):
        as_user("root" if user_name() != "root" else "daemon", list)


@pytest.mark.parametrize(
    "content",
    [
        b'AGENT_LOG_FILE="C:\\new\\temp\\agent.log"\n',
        b"\xef\xbb\xbfAGENT_IGNORE='it\\'s*'\n",
        "AGENT_KEEP=1d\n".encode("utf-16"),
        b"AGENT_IGNORE=\xff\n",
    ],
    ids=["backslashes", "byte-order mark", "UTF-16", "no text"],
)
def test_settings_are_read_without_the_folder_of_the_program(
    tmp_path: Path, content: bytes
) -> None:
    """Whatever is written there: who may not enter that folder cannot load an encoding from it."""
    (tmp_path / "agent.env").write_bytes(content)
    told = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", LOADING, tmp_path / "agent.env"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.split() == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows may have it or not")
def test_long_paths_are_a_matter_of_windows() -> None:
    """Elsewhere there is nothing to enable."""
    assert long_paths_enabled() is None


def test_keys_that_systemd_keeps_are_found(tmp_path: Path) -> None:
    """In any of its folders, for any name of a service; what else lies there is not ours."""
    plain, encrypted = tmp_path / "credstore", tmp_path / "credstore.encrypted"
    plain.mkdir()
    for name in ("shop.connectif_api_key", "mail.password"):
        (plain / name).touch()
    assert stored_credentials([plain, encrypted]) == (str(plain / "shop.connectif_api_key"),)
