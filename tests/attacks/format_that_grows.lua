-- More by format.
-- ends: the text is longer than
('%s%s'):format(('x'):rep(1e6), ('x'):rep(1e6))
