-- An error that is no text, with ends of lines in it.
-- ends: error_in_bytes.lua:3: 
error('\xff\xfe\0 and \n lines')
