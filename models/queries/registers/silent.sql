-- One row: who complained in a half-open period, and how many are estimated to have stayed silent. Parameters: start, end.
from silent_estimate($start, $end)
