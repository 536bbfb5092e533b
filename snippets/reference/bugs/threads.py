"""Which threads of the driver outlive a connection, and end with the engine: python threads.py"""

import threading

import sqlalchemy as sa

engine = sa.create_engine("yql+ydb://localhost:2136/local")
with engine.connect() as connection:
    connection.execute(sa.text("SELECT 1"))

threads = [thread for thread in threading.enumerate() if thread.name == "attach stream thread"]
print("after the connection:", len(threads))
engine.dispose()
for thread in threads:
    thread.join()
print("after dispose():", sum(thread.is_alive() for thread in threads))
