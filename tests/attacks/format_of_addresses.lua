-- Addresses by format.
-- ends: '%p' is not understood
('%p'):format({})
