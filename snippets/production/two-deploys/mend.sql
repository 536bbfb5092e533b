UPDATE episodes SET air_date = 13182 * 86400;
