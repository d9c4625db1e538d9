"""What people see: the Streamlit dashboard."""

import logging

# the server gets snapshots ready before Streamlit's runtime stands; what it keeps in memory needs none
logging.getLogger("streamlit.runtime.caching.cache_data_api").addFilter(lambda said: "No runtime" not in str(said.msg))
