"""JsonPath, the language of paths into JSON: its texts read (`reading`), and carried out on documents (`executing`).

Source: yql/essentials/minikql/jsonpath; ydb/docs/en/core/yql/reference/builtins/json.md.
"""
