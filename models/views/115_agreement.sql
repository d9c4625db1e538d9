-- Comments of the table that publishing fills by models/listening/agreement.py, in the snapshot itself.

comment on table criterion_agreement is 'One row per criterion that people judged blind: how well the automatic results agree with them. Key: criterion. A criterion that is not trusted stays out of team scores (team_scores.trusted).';
comment on column criterion_agreement.criterion is 'The criterion.';
comment on column criterion_agreement.alpha is 'Krippendorff''s alpha (nominal: met, not_met, not_applicable) between the automatic result and what most blind reviewers say: 1 is perfect, 0 is chance; null when every verdict was the same.';
comment on column criterion_agreement.low is 'Lower end of the 95 % bootstrap interval of alpha.';
comment on column criterion_agreement.high is 'Upper end of the 95 % bootstrap interval of alpha.';
comment on column criterion_agreement.kappa is 'Cohen''s kappa of the two judges, the automatic result and what most blind reviewers say: (observed - expected agreement) / (1 - expected); null when every verdict was the same. trusted goes by alpha.';
comment on column criterion_agreement.n is 'Calls judged both automatically and by people.';
comment on column criterion_agreement.trusted is 'True from alpha 0.667 on at least 30 calls.';
