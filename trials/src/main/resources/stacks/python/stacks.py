"""python3 stacks.py STACK URL MARK: three requests, each reads a customer and its order, marks the order and adds an item.

Request k works on customer k and order k * 10; each names its task.
"""
import asyncio
import sys
from contextlib import closing

STACK, URL, MARK = sys.argv[1:4]
REQUESTS = (1, 2, 3)
TASK = "SELECT set_config('anabranch.task', '{}-{}', true)"


def dbapi(connect):
    with closing(connect(URL)) as connection:
        for k in REQUESTS:
            with connection, connection.cursor() as cursor:
                cursor.execute(TASK.format(MARK, k))
                cursor.execute("SELECT name FROM customers WHERE id = %s", (k,))
                name = cursor.fetchone()[0]
                cursor.execute("SELECT id, total FROM orders WHERE customer_id = %s AND status = 'open'", (k,))
                order, total = cursor.fetchone()
                cursor.execute("UPDATE orders SET status = %s, total = %s WHERE id = %s", (MARK, total + len(name), order))
                cursor.execute("INSERT INTO order_items (order_id, sku) VALUES (%s, %s) RETURNING id", (order, MARK))
                cursor.fetchone()


def psycopg2():
    import psycopg2 as driver

    dbapi(driver.connect)
    with closing(driver.connect(URL)) as connection, connection, connection.cursor("walk") as cursor:
        cursor.itersize = 20
        cursor.execute("SELECT id FROM customers ORDER BY id")
        assert sum(1 for _ in cursor) == 50


def psycopg3():
    import psycopg

    for k in REQUESTS:
        with psycopg.connect(URL) as connection:
            connection.execute(TASK.format(MARK, k))
            name = connection.execute("SELECT name FROM customers WHERE id = %s", (k,)).fetchone()[0]
            order, total = connection.execute("SELECT id, total FROM orders WHERE customer_id = %s AND status = 'open'", (k,)).fetchone()
            with connection.pipeline():
                connection.execute("UPDATE orders SET status = %s, total = %s WHERE id = %s", (MARK, total + len(name), order))
                connection.execute("INSERT INTO order_items (order_id, sku) VALUES (%s, %s)", (order, MARK))


def sqlalchemy():
    from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Numeric, Text, create_engine, text
    from sqlalchemy.orm import Session, declarative_base

    Base = declarative_base()

    class Customer(Base):
        __tablename__ = "customers"
        id = Column(BigInteger, primary_key=True)
        name = Column(Text)

    class Order(Base):
        __tablename__ = "orders"
        id = Column(BigInteger, primary_key=True)
        customer_id = Column(BigInteger, ForeignKey("customers.id"))
        status = Column(Text)
        total = Column(Numeric)
        version = Column(Integer)
        __mapper_args__ = {"version_id_col": version}

    class Item(Base):
        __tablename__ = "order_items"
        id = Column(BigInteger, primary_key=True)
        order_id = Column(BigInteger, ForeignKey("orders.id"))
        sku = Column(Text)

    engine = create_engine(URL, pool_pre_ping=True)
    for k in REQUESTS:
        with Session(engine) as session, session.begin():
            session.execute(text(TASK.format(MARK, k)))
            customer = session.get(Customer, k)
            order = session.query(Order).filter_by(customer_id=k, status="open").one()
            order.status = MARK
            order.total = order.total + len(customer.name)
            session.add(Item(order_id=order.id, sku=MARK))
    engine.dispose()


def django():
    import django as framework
    from django.conf import settings
    from urllib.parse import urlsplit, unquote

    parts = urlsplit(URL)
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": parts.path[1:], "USER": parts.username,
                               "PASSWORD": unquote(parts.password), "HOST": parts.hostname, "PORT": parts.port}},
        INSTALLED_APPS=[], USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")
    framework.setup()
    from django.db import connection, models, transaction

    class Customer(models.Model):
        name = models.TextField()

        class Meta:
            app_label, db_table, managed = "shop", "customers", False

    class Order(models.Model):
        customer = models.ForeignKey(Customer, models.CASCADE)
        status = models.TextField()
        total = models.DecimalField(max_digits=10, decimal_places=2)

        class Meta:
            app_label, db_table, managed = "shop", "orders", False

    for k in REQUESTS:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(TASK.format(MARK, k))
            order = Order.objects.select_for_update(of=("self",)).select_related("customer").get(customer_id=k, status="open")
            order.status = MARK
            order.total += len(order.customer.name)
            order.save()
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO order_items (order_id, sku) VALUES (%s, %s)", (order.pk, MARK))
    assert sum(1 for _ in Customer.objects.order_by("pk").iterator(chunk_size=20)) == 50


def asyncpg():
    import asyncpg as driver

    async def request(pool, k):
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(f"SET LOCAL anabranch.task = '{MARK}-{k}'")
            name = await connection.fetchval("SELECT name FROM customers WHERE id = $1", k)
            order = await connection.fetchrow("SELECT id, total FROM orders WHERE customer_id = $1 AND status = 'open'", k)
            await connection.execute("UPDATE orders SET status = $1, total = $2 WHERE id = $3", MARK, order["total"] + len(name), order["id"])
            await connection.fetchval("INSERT INTO order_items (order_id, sku) VALUES ($1, $2) RETURNING id", order["id"], MARK)

    async def work():
        async with driver.create_pool(URL, min_size=1, max_size=3) as pool:
            await asyncio.gather(*(request(pool, k) for k in REQUESTS))

    asyncio.run(work())


globals()[STACK]()
print(STACK, "done")
