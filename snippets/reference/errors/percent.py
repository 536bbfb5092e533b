from alembic.config import Config

url = "yql+ydb://localhost:2136/local?password=50%25"
try:
    Config().set_main_option("sqlalchemy.url", url)
except ValueError as error:
    print(error)
    #> invalid interpolation syntax in 'yql+ydb://localhost:2136/local?password=50%25' at position 43

config = Config()
config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
print(config.get_main_option("sqlalchemy.url"))
#> yql+ydb://localhost:2136/local?password=50%25
