-- Addresses by tostring, from which the seed of hashes could be told.
-- ends: no address
error(tostring({}) == 'table' and tostring(next) == 'function' and 'no address' or nil)
