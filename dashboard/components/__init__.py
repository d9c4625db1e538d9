"""Widgets of the dashboard that Streamlit does not have."""
