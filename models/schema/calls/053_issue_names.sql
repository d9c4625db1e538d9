-- By which rules an issue got its name (models/issues/titles.py): names by other rules are looked at once more.

alter table found_issues add column named_by varchar;
