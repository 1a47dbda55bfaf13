// node stacks.mjs STACK URL MARK: three requests, each reads a customer and its order, marks the order and adds an item.
// Request k works on customer k and order k * 10; where the stack can say it, its statements carry a trace id.
import { pathToFileURL } from 'node:url';

const [, , stack, url, mark] = process.argv;
const trace = (k) => `/*traceparent='00-${Buffer.from(mark).toString('hex').padStart(30, '0').slice(-30)}${String(k).padStart(2, '0')}-00000000000000aa-01'*/`;
const REQUESTS = [1, 2, 3];

/** Those who can put a comment at a statement's end. */
async function traced(k, query) {
  const t = ' ' + trace(k);
  const [customer] = await query(`SELECT id, name, tier FROM customers WHERE id = $1${t}`, [k]);
  const [order] = await query(`SELECT id, total FROM orders WHERE customer_id = $1 AND status = 'open'${t}`, [k]);
  await query(`UPDATE orders SET status = $1, total = $2 WHERE id = $3${t}`, [mark, Number(order.total) + customer.name.length, order.id]);
  await query(`INSERT INTO order_items (order_id, sku) VALUES ($1, $2)${t}`, [order.id, mark]);
}

const STACKS = {
  async pg() {
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({ connectionString: url, max: 4 });
    await Promise.all(REQUESTS.map((k) => traced(k, async (text, values) => (await pool.query(text, values)).rows)));
    await pool.end();
  },
  async postgres() {
    const { default: postgres } = await import('postgres');
    const sql = postgres(url, { max: 4 });
    await Promise.all(REQUESTS.map((k) => traced(k, (text, values) => sql.unsafe(text, values))));
    await sql.notify('done', mark);
    await sql.end();
  },
  async knex() {
    const { default: knex } = await import('knex');
    const db = knex({ client: 'pg', connection: url, pool: { min: 0, max: 4 } });
    for (const k of REQUESTS) {
      await db.transaction(async (trx) => {
        await trx.raw(`SET LOCAL anabranch.task = '${mark}-${k}'`);
        const customer = await trx('customers').where({ id: k }).first();
        const order = await trx('orders').where({ customer_id: k, status: 'open' }).orderBy('id').first();
        await trx('orders').where({ id: order.id }).update({ status: mark, total: Number(order.total) + customer.name.length });
        await trx('order_items').insert({ order_id: order.id, sku: mark }).returning('id');
      });
    }
    await db.destroy();
  },
  async kysely() {
    const { Kysely, PostgresDialect, sql } = await import('kysely');
    const { default: pg } = await import('pg');
    const db = new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 4 }) }) });
    for (const k of REQUESTS) {
      await db.transaction().execute(async (trx) => {
        await sql`select set_config('anabranch.task', ${`${mark}-${k}`}, true)`.execute(trx);
        const customer = await trx.selectFrom('customers').selectAll().where('id', '=', k).executeTakeFirstOrThrow();
        const order = await trx.selectFrom('orders').selectAll().where('customer_id', '=', k).where('status', '=', 'open').executeTakeFirstOrThrow();
        await trx.updateTable('orders').set({ status: mark, total: Number(order.total) + customer.name.length }).where('id', '=', order.id).executeTakeFirst();
        await trx.insertInto('order_items').values({ order_id: order.id, sku: mark }).returning('id').executeTakeFirstOrThrow();
      });
    }
    await db.destroy();
  },
  async drizzle() {
    const { drizzle } = await import('drizzle-orm/node-postgres');
    const { bigserial, bigint, pgTable, text, numeric } = await import('drizzle-orm/pg-core');
    const { eq, and, sql } = await import('drizzle-orm');
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({ connectionString: url, max: 4 });
    const db = drizzle(pool);
    const customers = pgTable('customers', { id: bigserial('id', { mode: 'number' }), name: text('name') });
    const orders = pgTable('orders', {
      id: bigserial('id', { mode: 'number' }), customerId: bigint('customer_id', { mode: 'number' }), status: text('status'), total: numeric('total'),
    });
    const items = pgTable('order_items', { id: bigserial('id', { mode: 'number' }), orderId: bigint('order_id', { mode: 'number' }), sku: text('sku') });
    for (const k of REQUESTS) {
      await db.transaction(async (tx) => {
        await tx.execute(sql`select set_config('anabranch.task', ${`${mark}-${k}`}, true)`);
        const [customer] = await tx.select().from(customers).where(eq(customers.id, k));
        const [order] = await tx.select().from(orders).where(and(eq(orders.customerId, k), eq(orders.status, 'open')));
        await tx.update(orders).set({ status: mark, total: String(Number(order.total) + customer.name.length) }).where(eq(orders.id, order.id));
        await tx.insert(items).values({ orderId: order.id, sku: mark }).returning();
      });
    }
    await pool.end();
  },
  async sequelize() {
    const { Sequelize, DataTypes } = await import('sequelize');
    const db = new Sequelize(url, { logging: false, pool: { max: 4 } });
    const plain = { timestamps: false, underscored: true };
    const Customer = db.define('customer', { name: DataTypes.TEXT }, { ...plain, tableName: 'customers' });
    const Order = db.define('order', { customerId: DataTypes.BIGINT, status: DataTypes.TEXT, total: DataTypes.DECIMAL, version: DataTypes.INTEGER }, { ...plain, tableName: 'orders', version: true });
    const Item = db.define('item', { orderId: DataTypes.BIGINT, sku: DataTypes.TEXT }, { ...plain, tableName: 'order_items' });
    for (const k of REQUESTS) {
      await db.transaction(async (transaction) => {
        await db.query(`SET LOCAL anabranch.task = '${mark}-${k}'`, { transaction });
        const customer = await Customer.findByPk(k, { transaction });
        const order = await Order.findOne({ where: { customerId: k, status: 'open' }, transaction });
        order.status = mark;
        order.total = Number(order.total) + customer.name.length;
        await order.save({ transaction });
        await Item.create({ orderId: order.id, sku: mark }, { transaction });
      });
    }
    await db.close();
  },
  async typeorm() {
    await import('reflect-metadata');
    const { DataSource, EntitySchema } = await import('typeorm');
    const id = { type: 'bigint', primary: true, generated: 'increment' };
    const Customer = new EntitySchema({ name: 'Customer', tableName: 'customers', columns: { id, name: { type: 'text' } } });
    const Order = new EntitySchema({
      name: 'Order', tableName: 'orders',
      columns: { id, customerId: { type: 'bigint', name: 'customer_id' }, status: { type: 'text' }, total: { type: 'numeric' }, version: { type: 'int', version: true } },
    });
    const Item = new EntitySchema({ name: 'Item', tableName: 'order_items', columns: { id, orderId: { type: 'bigint', name: 'order_id' }, sku: { type: 'text' } } });
    const source = await new DataSource({ type: 'postgres', url, entities: [Customer, Order, Item] }).initialize();
    for (const k of REQUESTS) {
      await source.transaction(async (m) => {
        await m.query(`SET LOCAL anabranch.task = '${mark}-${k}'`);
        const customer = await m.findOneByOrFail(Customer, { id: k });
        const order = await m.findOneByOrFail(Order, { customerId: k, status: 'open' });
        order.status = mark;
        order.total = Number(order.total) + customer.name.length;
        await m.save(Order, order);
        await m.save(Item, { orderId: order.id, sku: mark });
      });
    }
    await source.destroy();
  },
  /** A queue: each worker takes a job that nobody else has. */
  async queue() {
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({ connectionString: url, max: 4 });
    for (const k of REQUESTS) {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(`SET LOCAL anabranch.task = '${mark}-${k}'`);
      const job = await client.query(
        "UPDATE jobs SET state = 'taken' WHERE id = (SELECT id FROM jobs WHERE state = 'ready' ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id, payload");
      const order = job.rows[0].payload.order;
      const read = await client.query('SELECT o.id, o.total, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = $1', [order]);
      await client.query('UPDATE orders SET status = $1 WHERE id = $2', [mark, read.rows[0].id]);
      await client.query('INSERT INTO order_items (order_id, sku) VALUES ($1, $2)', [order, mark]);
      await client.query('COMMIT');
      await client.query('SELECT pg_advisory_unlock_all()');
      client.release();
    }
    await pool.end();
  },
  /** Tenants as PostgREST does it: everything a request may see hangs on a setting of its transaction. */
  async tenants() {
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({ connectionString: url, max: 4 });
    for (const k of REQUESTS) {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query("SELECT set_config('app.tenant', $1, true), set_config('anabranch.task', $2, true)", ['one', `${mark}-${k}`]);
      const notes = await client.query('SELECT count(*) AS n FROM notes');
      await client.query('INSERT INTO notes (tenant, body) VALUES ($1, $2)', ['one', `${mark} ${notes.rows[0].n}`]);
      const customer = await client.query('SELECT name FROM customers WHERE id = $1', [k]);
      await client.query('UPDATE orders SET status = $1, total = total + $2 WHERE customer_id = $3', [mark, customer.rows[0].name.length, k]);
      await client.query('INSERT INTO order_items (order_id, sku) VALUES ($1, $2)', [k * 10, mark]);
      await client.query('COMMIT');
      client.release();
    }
    await pool.end();
  },
};

await STACKS[stack]();
console.log(`${stack} done`);
