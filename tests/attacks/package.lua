-- The loader of modules.
-- ends: scripts have no 'package'
return package.anything
