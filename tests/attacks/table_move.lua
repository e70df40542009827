-- A move of a terabyte of nothing.
-- ends: position beyond the list
table.move({},1,1<<40,2)
