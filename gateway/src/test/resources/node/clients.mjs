// Speaks to a Postgres by node-postgres and by postgres.js, and prints all that it is told.
import pg from 'pg';
import Cursor from 'pg-cursor';
import postgres from 'postgres';
import { once } from 'node:events';

const url = process.argv[2];
const ssl = process.argv[3] === 'tls' ? { rejectUnauthorized: false } : false;
const say = (what, value) => console.log(what + ' ' + JSON.stringify(value));
const told = (error) => ({ code: error.code, message: error.message, position: error.position });

const client = new pg.Client({ connectionString: url, ssl });
await client.connect();
say('typed', (await client.query('SELECT * FROM item WHERE id = $1', [3])).rows);
for (let i = 0; i < 3; i++) {
  say('named', (await client.query({ name: 'n', text: 'SELECT name FROM item WHERE id = $1', values: [i] })).rows);
}
say('several', (await client.query("SELECT 1 AS a; SELECT 'x' AS b")).map((r) => r.rows));
say('error', await client.query('SELECT * FROM nowhere WHERE a = $1', [1]).catch(told));
await client.query('BEGIN');
say('failed', await client.query('SELECT 1/0').catch(told));
say('aborted', await client.query('SELECT 1').catch(told));
await client.query('ROLLBACK');
const cursor = client.query(new Cursor('SELECT id FROM item WHERE id > $1 ORDER BY id /* left */', [0]));
say('cursor', await cursor.read(3));
say('cursor', await cursor.read(3));
await cursor.close();
await client.query('LISTEN news');
const notified = once(client, 'notification');
await client.query("SELECT pg_notify('news', 'hello')");
const [note] = await notified;
say('notified', { channel: note.channel, payload: note.payload, own: note.processId === client.processID });

const sql = postgres(url, { ssl, max: 1, onnotice: (n) => say('notice', n.message) });
say('tagged', await sql`SELECT * FROM item WHERE id = ${4}`);
say('pipelined', await Promise.all([...Array(10).keys()].map((i) => sql`SELECT ${i}::int * 2 AS twice`)));
await sql`DO $$ BEGIN RAISE NOTICE 'noted'; END $$`;
for await (const rows of sql`SELECT id FROM item ORDER BY id /* to the end */`.cursor(4)) {
  say('piece', rows);
}
say('transaction', await sql.begin(async (tx) => {
  await tx`UPDATE item SET name = 'changed' WHERE id = 1`;
  await tx.savepoint((sp) => sp`SELECT * FROM nowhere`).catch((e) => say('savepoint', told(e)));
  return tx`SELECT name FROM item WHERE id = 1`;
}));
const out = await sql`COPY (SELECT id, name FROM item ORDER BY id) TO STDOUT`.readable();
for await (const chunk of out) {
  say('copied', chunk.toString());
}
const into = await sql`COPY item (id, name) FROM STDIN`.writable();
into.end('101\tcopied\n');
await once(into, 'finish');
say('taken', await sql`SELECT name FROM item WHERE id = 101`);
const sleeping = sql`SELECT pg_sleep(60)`.execute();
const ended = sleeping.catch(told);
const active = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
  + ' AND datname = current_database()';
while ((await client.query(active)).rowCount === 0) {}
sleeping.cancel();
say('cancelled', await ended);
await sql.end();
await client.end();
