"""Send YQL to YDB, and print the rows that come back: python yql.py 'SELECT 1'"""

import sys

import ydb

with ydb.Driver(endpoint="grpc://localhost:2136", database="/local") as driver:
    driver.wait(timeout=5)
    with ydb.QuerySessionPool(driver) as pool:
        for result in pool.execute_with_retries(sys.argv[1]):
            for row in result.rows:
                print(dict(row))
