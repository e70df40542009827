-- Modules.
-- ends: scripts have no 'require'
require 'io'
