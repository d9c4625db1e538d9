"""Finding recordings."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ingest.files import find, sha256, shown


def test_a_folder_yields_its_recordings_sorted_and_nothing_hidden(tmp_path: Path) -> None:
    """Folders are walked in order; other files, hidden files and hidden folders are left alone."""
    for name in ("b/2.wav", "a/1.OGG", "a/notes.txt", ".hidden/3.wav", "a/.4.wav", "5.mp3"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [p.relative_to(tmp_path).as_posix() for p in find([tmp_path])] == ["5.mp3", "a/1.OGG", "b/2.wav"]


def test_links_are_followed_inside_the_folder_only(tmp_path: Path) -> None:
    """A link that leads out of the folder, to a file or a folder, could be anyone's file."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (tmp_path / "secret.wav").touch()
    (inbox / "call.wav").touch()
    (inbox / "out.wav").symlink_to(tmp_path / "secret.wav")
    (inbox / "folder").symlink_to(tmp_path)
    (inbox / "inside.wav").symlink_to(inbox / "call.wav")
    (inbox / "dangling.wav").symlink_to(inbox / "nothing")
    assert [p.name for p in find([inbox])] == ["call.wav", "inside.wav"]


def test_the_store_is_left_out(tmp_path: Path) -> None:
    """Listening copies are no new recordings, also when the store lies in the folder."""
    (tmp_path / "data" / "store" / "audio").mkdir(parents=True)
    (tmp_path / "data" / "store" / "audio" / "copy.webm").touch()
    (tmp_path / "call.wav").touch()
    assert [p.name for p in find([tmp_path], leave_out=tmp_path / "data" / "store")] == ["call.wav"]


def test_a_file_named_outright_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    """The user knows what they name; and a file that is named twice comes once."""
    file = tmp_path / "call.dat"
    file.touch()
    assert list(find([file, file])) == [file]


def test_odd_names_can_be_shown_and_stored(tmp_path: Path) -> None:
    """Quotes stay, newlines and undecodable bytes become escapes, and the text is valid UTF-8."""
    name = os.fsdecode(b'it\'s "a"\n\xff\x1b[31m.wav')
    (tmp_path / name).touch()
    (found,) = find([tmp_path])
    text = shown(Path(found.name))
    assert text == r"""it's "a"\n\xff\x1b[31m.wav"""
    assert text.encode("utf-8")


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    """Recordings are identified by SHA-256."""
    file = tmp_path / "x.wav"
    file.write_bytes(b"abc" * 1_000_000)
    assert sha256(file) == hashlib.sha256(b"abc" * 1_000_000).hexdigest()
