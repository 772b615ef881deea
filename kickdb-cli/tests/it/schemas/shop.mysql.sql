CREATE TABLE wp_users (ID bigint(20) unsigned NOT NULL AUTO_INCREMENT, user_login varchar(60) NOT NULL DEFAULT '', user_pass varchar(255) NOT NULL DEFAULT '',
  user_nicename varchar(50) NOT NULL DEFAULT '', user_email varchar(100) NOT NULL DEFAULT '', user_registered datetime NOT NULL DEFAULT '2000-01-01 00:00:00',
  user_status int(11) NOT NULL DEFAULT 0, PRIMARY KEY (ID), KEY user_login_key (user_login), KEY user_nicename (user_nicename), KEY user_email (user_email))
  ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE wp_usermeta (umeta_id bigint(20) unsigned NOT NULL AUTO_INCREMENT, user_id bigint(20) unsigned NOT NULL DEFAULT 0, meta_key varchar(255) DEFAULT NULL,
  meta_value longtext, PRIMARY KEY (umeta_id), KEY user_id (user_id), KEY meta_key (meta_key(191))) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE wp_posts (ID bigint(20) unsigned NOT NULL AUTO_INCREMENT, post_author bigint(20) unsigned NOT NULL DEFAULT 0, post_date datetime NOT NULL DEFAULT '2000-01-01 00:00:00',
  post_content longtext NOT NULL, post_title text NOT NULL, post_status varchar(20) NOT NULL DEFAULT 'publish', post_name varchar(200) NOT NULL DEFAULT '',
  post_modified timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(), post_parent bigint(20) unsigned NOT NULL DEFAULT 0, menu_order int(11) NOT NULL DEFAULT 0,
  post_type varchar(20) NOT NULL DEFAULT 'post', comment_count bigint(20) NOT NULL DEFAULT 0, PRIMARY KEY (ID), KEY post_name (post_name(191)),
  KEY type_status_date (post_type, post_status, post_date, ID), KEY post_parent (post_parent), FULLTEXT KEY post_search (post_title, post_content)) ENGINE=InnoDB;
CREATE TABLE eav_attribute (attribute_id smallint(5) unsigned NOT NULL AUTO_INCREMENT COMMENT 'Attribute ID', attribute_code varchar(255) NOT NULL COMMENT 'Attribute Code',
  backend_type enum('static','datetime','decimal','int','text','varchar') NOT NULL DEFAULT 'static' COMMENT 'Backend Type', is_required tinyint(1) NOT NULL DEFAULT 0, position tinyint(4) DEFAULT 0,
  default_value text, options set('searchable','filterable','it''s') DEFAULT NULL, PRIMARY KEY (attribute_id), UNIQUE KEY EAV_ATTRIBUTE_CODE (attribute_code)) COMMENT='Eav Attribute; it''s "quoted"';
CREATE TABLE catalog_product_entity (entity_id int(10) unsigned NOT NULL AUTO_INCREMENT, sku varchar(64) NOT NULL, type_id varchar(32) NOT NULL DEFAULT 'simple',
  created_at timestamp NOT NULL DEFAULT current_timestamp(), price decimal(20,6) NOT NULL DEFAULT 0.000000, weight float DEFAULT NULL, tax double(8,2) DEFAULT NULL, gtin char(13), data json DEFAULT NULL,
  thumb mediumblob, ip varbinary(16), year_made year(4), final_price decimal(20,6) GENERATED ALWAYS AS (price * 1.19) STORED, label varchar(100) GENERATED ALWAYS AS (concat(sku, ' — ', type_id)) VIRTUAL,
  PRIMARY KEY (entity_id), UNIQUE KEY CATALOG_PRODUCT_SKU (sku), CONSTRAINT price_positive CHECK (price >= 0), CONSTRAINT sku_form CHECK (sku REGEXP '^[A-Z0-9\\-]+$'));
CREATE TABLE catalog_product_entity_int (value_id int(11) NOT NULL AUTO_INCREMENT, attribute_id smallint(5) unsigned NOT NULL DEFAULT 0, entity_id int(10) unsigned NOT NULL DEFAULT 0, value int(11) DEFAULT NULL,
  PRIMARY KEY (value_id), UNIQUE KEY once (entity_id, attribute_id), KEY by_value (attribute_id, value), CONSTRAINT FK_INT_ATTR FOREIGN KEY (attribute_id) REFERENCES eav_attribute (attribute_id) ON DELETE CASCADE,
  CONSTRAINT FK_INT_ENTITY FOREIGN KEY (entity_id) REFERENCES catalog_product_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE customer (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(255) COLLATE utf8mb4_bin NOT NULL UNIQUE, gender enum('m','f','') DEFAULT NULL, dob date, seen datetime(3), uuid uuid DEFAULT uuid(), v6 inet6,
  referrer_id int unsigned, place point NOT NULL DEFAULT (point(0, 0)), SPATIAL KEY place (place), CONSTRAINT referrer FOREIGN KEY (referrer_id) REFERENCES customer (id) ON DELETE SET NULL) ROW_FORMAT=DYNAMIC;
CREATE TABLE sales_order (entity_id int unsigned NOT NULL AUTO_INCREMENT, customer_id int unsigned, state varchar(32), grand_total decimal(12,4) unsigned, created_at datetime NOT NULL DEFAULT current_timestamp(),
  note varchar(200) INVISIBLE DEFAULT 'it''s \\ "x"', PRIMARY KEY (entity_id), KEY newest (created_at DESC, state), CONSTRAINT order_customer FOREIGN KEY (customer_id) REFERENCES customer (id));
CREATE TABLE sales_order_archive (entity_id int unsigned NOT NULL, created_at date NOT NULL, total decimal(12,4), PRIMARY KEY (entity_id, created_at))
  PARTITION BY RANGE (year(created_at)) (PARTITION p2022 VALUES LESS THAN (2023), PARTITION p2023 VALUES LESS THAN (2024), PARTITION rest VALUES LESS THAN MAXVALUE);
CREATE TABLE price_history (id int PRIMARY KEY, price decimal(10,2)) WITH SYSTEM VERSIONING;
CREATE TABLE `select` (`order` int NOT NULL PRIMARY KEY, `group by` varchar(10) DEFAULT 'x', `2nd` bit(4) DEFAULT b'101') ENGINE=Aria;
CREATE SEQUENCE invoice_numbers START WITH 1000 INCREMENT BY 5 CACHE 10;
CREATE VIEW open_orders AS SELECT o.entity_id, c.email, o.grand_total FROM sales_order o JOIN customer c ON c.id = o.customer_id WHERE o.state IN ('new', 'pending');
CREATE TRIGGER order_before BEFORE INSERT ON sales_order FOR EACH ROW SET new.state = coalesce(new.state, 'new');
CREATE FUNCTION net(gross decimal(12,4)) RETURNS decimal(12,4) DETERMINISTIC NO SQL COMMENT 'without tax' RETURN round(gross / 1.19, 4);
CREATE PROCEDURE archive(IN before_day date) MODIFIES SQL DATA BEGIN INSERT INTO sales_order_archive SELECT entity_id, created_at, grand_total FROM sales_order WHERE created_at < before_day AND note NOT REGEXP '\\bkeep\\b'; DELETE FROM sales_order WHERE created_at < before_day; END;
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2024-01-01 03:00:00' DISABLE COMMENT 'at three' DO CALL archive(current_date() - INTERVAL 1 YEAR);
CREATE TABLE radacct (radacctid bigint(21) NOT NULL AUTO_INCREMENT, port int(5) DEFAULT 0, octets int(12) unsigned, padded int(10) unsigned zerofill, weight float(7,3), rate double(10,2), realm varchar(20), PRIMARY KEY (radacctid), KEY by_realm (realm, port));
CREATE TABLE radreply (id int(10) NOT NULL AUTO_INCREMENT, realm varchar(20), PRIMARY KEY (id), CONSTRAINT any_of_realm FOREIGN KEY (realm) REFERENCES radacct (realm) ON DELETE CASCADE);
CREATE TABLE flow (id varchar(36) NOT NULL DEFAULT uuid(), note text DEFAULT uuid(), size smallint(3), PRIMARY KEY (id));
CREATE EVENT sweep ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DISABLE ON SLAVE DO DELETE FROM radreply;
