"""Command line of the sample generator: `python -m tools.sample SUBCOMMAND`."""

import argparse

from tools.sample.queue_log import write_queue_log
from tools.sample.recordings import write_recordings
from tools.sample.scripts import read_scripts, word_counts
from tools.sample.transcripts import write_transcripts


def print_words() -> None:
    """Print every spoken word with its count, most frequent first, then the totals."""
    scripts = read_scripts()
    words = word_counts(scripts)
    for word, count in words.most_common():
        print(f"{count}\t{word}")
    print(f"{len(scripts)} scripts, {len(words)} different words, {sum(words.values())} words spoken")


def write_all() -> None:
    """Write everything, in the order in which one part needs the other."""
    write_recordings()
    write_transcripts()
    write_queue_log()


COMMANDS = {
    "words": print_words,
    "recordings": write_recordings,
    "transcripts": write_transcripts,
    "queue-log": write_queue_log,
    "all": write_all,
}


def main() -> None:
    """Run one subcommand."""
    parser = argparse.ArgumentParser(prog="python -m tools.sample", description="Make the sample call centre.")
    parser.add_argument("command", choices=list(COMMANDS))
    COMMANDS[parser.parse_args().command]()


if __name__ == "__main__":
    main()
