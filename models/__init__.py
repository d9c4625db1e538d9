"""What things mean: schema, views, measures and the store. Imports neither ingest nor dashboard."""
