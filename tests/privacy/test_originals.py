"""Originals stay, go, or are encrypted, as the setting says; nothing goes before it is loaded, or read back."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from test_erasing import WHO, load_call, load_log, recording

from ingest import originals
from ingest.cli import earshot
from ingest.files import sha256, shown
from ingest.recordings import Result
from models import audit
from models.app_store import AppStore
from models.errors import EarshotError, SettingsError
from models.privacy.erasing import erase, original_path
from models.records import InputFile
from models.settings import Settings, load


@pytest.fixture
def keyed(settings: Settings, tmp_path: Path) -> Settings:
    """Settings that encrypt originals."""
    file = tmp_path / "key"
    file.write_bytes(urlsafe_b64encode(secrets.token_bytes(32)))
    return replace(settings, originals="encrypt", originals_key_file=str(file))


def result(folder: Path, status: str = "loaded") -> Result:
    """The result of a file with a sidecar."""
    path = folder / "call.wav"
    path.write_bytes(b"RIFF" + bytes(range(256)) * 10)
    path.with_suffix(".json").write_text('{"customer_id": "5"}')
    digest = sha256(path)
    file = InputFile(shown(path.resolve()), "recording", digest, path.stat().st_size, status)  # type: ignore[arg-type]
    return Result(file, replace(recording("1", "5"), recording_id=digest))


@pytest.mark.parametrize(("how", "there"), [("leave", True), ("delete", False)])
def test_left_or_deleted(how: str, there: bool, settings: Settings, tmp_path: Path) -> None:
    """By default nothing is touched; with delete, the file and its sidecar go."""
    originals.settler(replace(settings, originals=how))(result(tmp_path))
    assert ((tmp_path / "call.wav").exists(), (tmp_path / "call.json").exists()) == (there, there)


@pytest.mark.parametrize("status", ["refused", "partly_refused", "duplicate"])
def test_what_is_not_wholly_loaded_stays(status: str, settings: Settings, tmp_path: Path) -> None:
    """A file that is refused, damaged or a duplicate is never deleted; neither is one that changed since."""
    settle = originals.settler(replace(settings, originals="delete"))
    settle(result(tmp_path, status))
    assert (tmp_path / "call.wav").exists()
    changed = result(tmp_path)
    (tmp_path / "call.wav").write_bytes(b"something else")
    settle(changed)
    assert (tmp_path / "call.wav").exists()


def test_encrypted_and_back(keyed: Settings, tmp_path: Path) -> None:
    """The original is in the store, unreadable without the key, and comes back byte by byte; another key is refused."""
    made = result(tmp_path)
    before = (tmp_path / "call.wav").read_bytes()
    originals.settler(keyed)(made)
    assert made.recording is not None
    stored = keyed.store / original_path(made.recording.recording_id)
    assert not (tmp_path / "call.wav").exists()
    assert before[:40] not in stored.read_bytes()
    assert b"".join(originals.pieces(stored, originals.key(keyed))) == before
    Path(keyed.originals_key_file).write_bytes(urlsafe_b64encode(bytes(32)))
    with pytest.raises(EarshotError, match="another key"):
        list(originals.pieces(stored, originals.key(keyed)))


@given(content=st.binary(max_size=60), size=st.integers(1, 20), drop=st.integers(0, 5))
def test_pieces_of_any_size(content: bytes, size: int, drop: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever the size of a piece, what comes back is what went in; with a piece missing nothing passes as whole."""
    folder = tmp_path_factory.mktemp("pieces")
    secret = originals.Fernet(originals.Fernet.generate_key())
    (folder / "in").write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(originals, "PIECE", size)
        originals.encrypt(folder / "in", folder / "out", secret)
    assert b"".join(originals.pieces(folder / "out", secret)) == content
    lines = (folder / "out").read_bytes().splitlines(keepends=True)
    del lines[drop % len(lines)]
    (folder / "out").write_bytes(b"".join(lines))
    with pytest.raises(EarshotError):
        list(originals.pieces(folder / "out", secret))


def test_no_key_no_start(settings: Settings) -> None:
    """Without a key to encrypt with nothing begins; an unknown way is refused."""
    with pytest.raises(SettingsError, match="openssl"):
        originals.settler(replace(settings, originals="encrypt"))
    with pytest.raises(SettingsError, match="leave, delete or encrypt"):
        load({"EARSHOT_ORIGINALS": "burn"}, Path("none"))


def test_erased_with_the_customer(keyed: Settings, tmp_path: Path) -> None:
    """Erasing a customer deletes their encrypted originals, too."""
    load_log(keyed, tmp_path)
    load_call(keyed, "0.1", WHO)
    stored = keyed.store / original_path("ab" * 32)
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"token\n")
    assert str(stored.relative_to(keyed.store)) in erase(keyed, WHO).files
    assert not stored.exists()


def test_decrypting_is_in_the_audit_log(keyed: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes an original out of the store, unredacted as it is, is named in the audit log."""
    made = result(tmp_path)
    originals.settler(keyed)(made)
    assert made.recording is not None
    monkeypatch.setenv("EARSHOT_DATA", str(keyed.data))
    monkeypatch.setenv("EARSHOT_ORIGINALS_KEY_FILE", keyed.originals_key_file)
    done = CliRunner().invoke(earshot, ["original", made.recording.recording_id, str(tmp_path / "out.wav")])
    assert done.exit_code == 0, done.output
    (entry,) = audit.newest(AppStore(keyed), 1)
    assert (entry.what, entry.detail) == ("exported", f"original of recording {made.recording.recording_id}")
