"""What leaves: files for analysts, object storage, a lake, and cells that no spreadsheet runs as a formula."""
