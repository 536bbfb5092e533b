"""Send YQL to YDB, and print the rows that come back: python yql.py 'SELECT 1'

An empty line ends a request, as in the blocks of this guide.
"""

import sys

import ydb

with ydb.Driver(endpoint="grpc://localhost:2136", database="/local") as driver:
    driver.wait(timeout=5)
    with ydb.QuerySessionPool(driver) as pool:
        for request in filter(str.strip, sys.argv[1].split("\n\n")):
            for result in pool.execute_with_retries(request):
                for row in result.rows:
                    print(dict(row))
