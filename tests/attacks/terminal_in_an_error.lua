-- An error that would clear the terminal, in three ways of writing it.
-- ends: [2J
error("\27[2J \u{9b}2J \127\8\8\8\r")
