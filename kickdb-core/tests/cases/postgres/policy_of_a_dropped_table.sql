-- from
CREATE TABLE users (id int PRIMARY KEY, role varchar(20));
CREATE TABLE log (id int, by_user int);
CREATE POLICY readers ON log USING (EXISTS (SELECT 1 FROM users u WHERE u.id = by_user AND u.role = 'admin'));
-- to
CREATE TABLE users (id int PRIMARY KEY, role text);
