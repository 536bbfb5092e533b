SELECT Version() AS version;
--> version
--> b'stable-[..]'
