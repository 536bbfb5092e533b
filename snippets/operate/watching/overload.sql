SELECT Path, SUM(TxRejectedByOverload) AS overload, SUM(TxRejectedByOutOfStorage) AS out_of_storage, MAX(CPUCores) AS cores
FROM `.sys/partition_stats`
GROUP BY Path
ORDER BY cores DESC;
--> UNSUPPORTED
--> <main>:1:18: Error: The emulator does not support the column TxRejectedByOverload
