context.configure(connection=connection, target_metadata=target_metadata, include_name=include_name)
with held(context.get_context()), context.begin_transaction():
    context.run_migrations()
