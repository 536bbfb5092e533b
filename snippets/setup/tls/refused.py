from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import create_engine, exc

URLS = {
    "no protocol": "yql+ydb://localhost:2137/local",
    "unknown CA": "yql+ydb://localhost:2137/local?protocol=grpcs",
    "no such file": "yql+ydb://localhost:2137/local?protocol=grpcs&root_certificates_path=sever.pem",
    "wrong host name": "yql+ydb://127.0.0.1:2137/local?protocol=grpcs&root_certificates_path=server.pem",
}


def connect(url):
    try:
        create_engine(url).connect()
    except exc.DBAPIError as error:
        return str(error.orig)


# All at once, since each takes ten seconds.
with ThreadPoolExecutor() as pool:
    for what, message in zip(URLS, pool.map(connect, URLS.values()), strict=True):
        print(f"{what}: {message}")
