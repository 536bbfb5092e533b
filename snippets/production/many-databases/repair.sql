DROP TABLE `bolt/series`;
