"""The recipe of the bundled demonstration speech model: synthetic calls in, a CTranslate2 Whisper folder out."""
