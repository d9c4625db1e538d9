"""What gets data in: recordings, transcripts and queue logs into the store."""
