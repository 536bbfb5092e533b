with held(context.get_context()), context.begin_transaction():
    context.run_migrations()
