NAMES = ["acme", "bolt", "core"]
