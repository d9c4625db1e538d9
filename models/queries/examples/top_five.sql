-- The vision, and what the centre holds to be its top five complaints and expectations
select name, text, written_by, written_at from centre_texts order by name;
