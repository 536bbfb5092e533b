"""The functions of YDB's modules, a file for each, named as YDB's own.

Source: ydb/docs/en/core/yql/reference/udf/list/*.md; yql/essentials/udfs/common/*.
"""
