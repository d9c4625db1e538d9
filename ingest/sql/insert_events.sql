-- Grain: one row per new event. Parameters: source, to_line (from rowid to line number).
insert into queue_events
from new_events($source, $to_line)
