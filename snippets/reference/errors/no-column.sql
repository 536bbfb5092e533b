SELECT name FROM series;
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:8: Error: At function: Member
-->         <main>:1:8: Error: Member not found: name
