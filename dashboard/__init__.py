"""What people see: the Streamlit dashboard."""
