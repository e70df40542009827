-- Weak tables: a chain of them takes the collector the square of its length.
-- ends: scripts have no '__mode'
setmetatable({}, { __mode = 'k' })
