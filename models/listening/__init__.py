"""The listening hour: which calls are drawn, what reviewers say of them, how well people and scorecard agree."""
