op.execute(
    sa.DDL("""
        ALTER TABLE series ADD CHANGEFEED updates WITH (
            FORMAT = 'JSON', MODE = 'NEW_IMAGE', INITIAL_SCAN = TRUE, RETENTION_PERIOD = Interval('P3D')
        )
    """)
)
