-- Where an assumption comes from, in words: a study, the accounts, a guess.

alter table assumptions add column source text;
