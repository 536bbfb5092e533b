SELECT JSON_VALUE('{}'j, '$.a');
--> UNSUPPORTED
--> <main>:1:1: Error: The emulator does not support SELECT JSON_VALUE
