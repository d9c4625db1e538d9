-- The new events of mended calls, beside those that the store has. Parameters: source, to_line.
insert into mended_events
from new_events($source, $to_line) semi join mended_calls using (call_id)
