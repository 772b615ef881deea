-- from
create table t (Id int primary key, Name varchar(20), key by_name (Name), check (Id > 0));
create view v as select Id, Name from t;
-- to
create table t (ID int primary key, name varchar(20), key by_name (name), check (ID > 0));
create view v as select ID, name from t;
-- up
ALTER TABLE `t` RENAME COLUMN `Id` TO `ID`;
ALTER TABLE `t` RENAME COLUMN `Name` TO `name`;
CREATE OR REPLACE VIEW `v` AS select `t`.`ID` AS `ID`,`t`.`name` AS `name` from `t`;
