op.execute(
    sa.text("UPSERT INTO series (series_id, title) VALUES (:id, :title)").bindparams(
        sa.bindparam("id", 1, sa.Integer()), sa.bindparam("title", "100% IT", sa.Unicode())
    )
)
