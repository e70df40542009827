-- A field a hundred million wide.
-- ends: is not understood
("%99999999d"):format(1)
