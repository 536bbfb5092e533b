SELECT version_num FROM `acme/alembic_version`;
SELECT version_num FROM `bolt/alembic_version`;
SELECT version_num FROM `core/alembic_version`;
--> version_num
--> '9085c679f5dc'
-->
--> version_num
-->
--> version_num
--> '9085c679f5dc'
