"""The gRPC services of YDB's API, one module each; `rpc` is what they stand on."""
