-- What every stack works on; made on main beforehand. Orders 10, 20, 30 belong to customers 1, 2, 3.
CREATE TABLE customers (id bigserial PRIMARY KEY, name text NOT NULL, tier text NOT NULL DEFAULT 'plain', version int NOT NULL DEFAULT 0);
CREATE TABLE orders (id bigserial PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, status text NOT NULL DEFAULT 'open',
  total numeric(10,2) NOT NULL DEFAULT 0, version int NOT NULL DEFAULT 0, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE order_items (id bigserial PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders, sku text NOT NULL, qty int NOT NULL DEFAULT 1,
  uid uuid NOT NULL DEFAULT gen_random_uuid(), added_at timestamptz NOT NULL DEFAULT now());
CREATE SEQUENCE order_items_seq INCREMENT 50 START 100000;
CREATE TABLE jobs (id bigserial PRIMARY KEY, state text NOT NULL DEFAULT 'ready', payload jsonb NOT NULL DEFAULT '{}');
CREATE TABLE notes (id bigserial PRIMARY KEY, tenant text NOT NULL, body text NOT NULL);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
CREATE POLICY by_tenant ON notes USING (tenant = current_setting('app.tenant', true)) WITH CHECK (tenant = current_setting('app.tenant', true));
INSERT INTO customers (name) SELECT 'customer ' || i FROM generate_series(1, 50) i;
INSERT INTO orders (id, customer_id, total) SELECT i * 10, i, i FROM generate_series(1, 50) i;
SELECT setval('orders_id_seq', 1000);
INSERT INTO order_items (order_id, sku) SELECT i * 10, 'sku-' || i FROM generate_series(1, 50) i;
INSERT INTO jobs (payload) SELECT jsonb_build_object('order', i * 10) FROM generate_series(1, 3) i;
SET app.tenant = 'one';
INSERT INTO notes (tenant, body) VALUES ('one', 'kept'), ('one', 'also kept');
SET app.tenant = 'two';
INSERT INTO notes (tenant, body) VALUES ('two', 'of the other');
