-- A title that would move the cursor.
-- ends: 'title' must be one line
return diffusion.schedule { api = 1, name = "attack", title = "\u{9b}2J", sigmas = next }
