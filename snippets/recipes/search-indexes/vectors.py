op.execute(
    sa.DDL("""
        ALTER TABLE articles ADD INDEX articles_near GLOBAL USING vector_kmeans_tree ON (embedding) COVER (title)
        WITH (distance=cosine, vector_type="float", vector_dimension=3, levels=1, clusters=2)
    """)
)
