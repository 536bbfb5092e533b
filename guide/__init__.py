"""The guide's application: what reads, follows, measures, builds and publishes the pages."""
