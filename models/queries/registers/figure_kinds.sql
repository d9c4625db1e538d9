-- Every figure that can be typed or loaded.
select figure, name, unit, adds_up, is_own from figure_kinds order by is_own, figure
