op.execute(
    sa.text("UPSERT INTO series (series_id, title) VALUES (:id, :title)").bindparams(
        sa.bindparam("id", series_id, sa.Integer()), sa.bindparam("title", title, sa.Unicode())
    )
)
