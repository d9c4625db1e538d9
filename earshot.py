"""``python -m earshot`` is the command ``earshot``.

Streamlit looks beside the module named after the distribution for the pyproject.toml that lists the player's files.
"""

if __name__ == "__main__":
    from ingest.cli import main

    main()
