"""YQL read as YDB reads it: text to tokens, tokens to a tree, and syntax errors in YDB's words."""
