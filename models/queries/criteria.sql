-- The criteria of the scorecard in force, in its order, with their texts in $language, or else in English.
select criterion, name, definition, applies
from scorecard_criteria
where version = (select version from scorecards where in_force)
qualify row_number() over (partition by criterion order by language = $language desc, language = 'en' desc) = 1
order by position
