SELECT series_id FROM discounts
--> series_id
--> 1
