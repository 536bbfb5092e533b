import sqlalchemy as sa

engine = sa.create_engine("yql+ydb://localhost:2136/local", poolclass=sa.NullPool)
VIEW = """CREATE VIEW sale WITH (security_invoker = TRUE) AS SELECT '100%%'u AS off, '{"seats":2}'u AS info"""
with engine.connect() as connection:
    print(connection.scalar(sa.text("SELECT '100%'u")))
    #> 100%
    print(connection.scalar(sa.text("SELECT DateTime::GetYear(Date('2026-11-29'))")))
    #> 2026
    print(connection.scalar(sa.text(r"""SELECT '{"seats"\:2}'u""")))
    #> {"seats":2}
    connection.execute(sa.DDL(VIEW))
    print(connection.execute(sa.text("SELECT info, off FROM sale")).one())
    #> ('{"seats":2}', '100%')
