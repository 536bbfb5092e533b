op.execute(
    sa.DDL("""
        ALTER TABLE articles ADD INDEX articles_words GLOBAL USING fulltext_relevance ON (body) COVER (title)
        WITH (tokenizer=standard, use_filter_lowercase=true)
    """)
)
