urls = tenants.directories(config.get_main_option("sqlalchemy.url"), NAMES)
tenants.run(context, urls, run_migrations_online)
