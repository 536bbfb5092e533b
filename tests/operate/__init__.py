"""What the pages on operations promise, tried where the pages themselves cannot show it."""
