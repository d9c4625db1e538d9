"""The sample call centre: a seeded generator of synthetic recordings, transcripts and a queue log.

    python -m tools.sample words | recordings | transcripts | queue-log | all

Everything it writes goes to data/sample and is committed, so nobody needs the generator to run Earshot.
"""
