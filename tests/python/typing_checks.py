# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a type checker has to find in Pg.pyi: it is read by mypy, and never run. Where an error is expected, it has to be there."""

import dataclasses
import datetime
import decimal
import enum
from collections.abc import Callable
from typing import Any

import gi

gi.require_version('Pg', '1.0')
from gi.repository import Pg  # noqa: E402
from typing_extensions import assert_type  # noqa: E402

Values = tuple[Any, ...]


@dataclasses.dataclass
class Book:
    title: str


class Mood(enum.Enum):
    ok = 1


class MyCursor(Pg.Cursor[Book]):
    pass


def to_int(_cursor: object) -> Callable[[Values], int]:
    return len


def connections() -> None:
    with Pg.connect('', autocommit=True, application_name='types', port=5432, timeout=2.5) as conn:
        assert_type(conn, Pg.Connection[Values])
    assert_type(Pg.Connection.connect(row_factory=Pg.dict_row), Pg.Connection[dict[str, Any]])
    assert_type(Pg.connect(row_factory=Pg.class_row(Book)), Pg.Connection[Book])
    assert_type(Pg.connect(row_factory=to_int).execute('SELECT 1').fetchone(), int | None)
    assert_type(conn.connect('notice', lambda conn, diagnostic: None), int)
    conn.isolation_level = Pg.IsolationLevel.SERIALIZABLE
    conn.read_only = None
    conn.cursor_factory = MyCursor
    conn.closed = True  # type: ignore[misc]
    conn.execute(3)  # type: ignore[arg-type]
    conn.execute('SELECT 1', wrong=True)  # type: ignore[call-arg]
    Pg.connect(3)  # type: ignore[call-overload]
    assert_type(conn.fetch_type('mood'), Pg.TypeInfo)
    assert_type(conn.transaction_status, Pg.TransactionStatus)


def cursors(conn: Pg.Connection[Values], books: Pg.Connection[Book]) -> None:
    assert_type(conn.execute('SELECT %s', [1]), Pg.Cursor[Values])
    assert_type(books.execute('SELECT %(a)s', {'a': 1}).fetchall(), list[Book])
    assert_type(books.cursor(), Pg.Cursor[Book])
    assert_type(books.cursor(row_factory=Pg.dict_row).execute('').fetchmany(3), list[dict[str, Any]])
    assert_type(books.cursor('name'), Pg.ServerCursor[Book])
    assert_type(conn.cursor('name', row_factory=Pg.class_row(Book), scrollable=True), Pg.ServerCursor[Book])
    assert_type([row for row in books.stream('')], list[Book])
    books.stream('').close()
    assert_type([row for row in books.cursor('name')], list[Book])
    assert_type(Pg.Cursor(books), Pg.Cursor[Book])
    client: Pg.ClientCursor[Book] = Pg.ClientCursor(books)
    assert_type(client.mogrify(''), str)
    assert_type(client.fetchone(), Book | None)
    of_factory: Pg.Cursor[Book] = Pg.Cursor(conn, row_factory=Pg.args_row(Book))
    of_factory.fetchone()
    with conn.cursor() as cursor:
        cursor.executemany('', [(1,), (2,)], returning=True)
        assert_type(cursor.rowcount, int)
        assert_type(cursor.description, list[Pg.Column] | None)
        for column in cursor.description or ():
            assert_type(column.precision, int | None)
        result = cursor.get_result()
        if result is not None:
            assert_type(result[0], Pg.Row)
            assert_type(result[:2], list[Pg.Row])
            assert_type(result.dup_column_texts(0, 0, -1), list[str])
        with cursor.copy('COPY t FROM STDIN') as copy:
            copy.write_row((1, None))
    cursor.fetch_one  # noqa: B018
    MyCursor(books).execute('').fetchone()
    statement = conn.prepare('SELECT 1')
    assert_type(statement.execute([1]), Pg.Cursor[Any])
    with conn.pipeline() as pipeline:
        assert_type(pipeline.status, Pg.PipelineStatus)
    with conn.copy_in('') as writer:
        writer.write_rows([(1,)])
    with conn.copy_out('') as reader:
        assert_type(list(reader.rows()), list[Values])
    with conn.large_object(mode='wb') as file:
        assert_type(file.write(b''), int)
    conn.large_object(mode='nonsense')  # type: ignore[arg-type]


async def awaited() -> None:
    async with await Pg.AsyncConnection.connect('', row_factory=Pg.class_row(Book)) as conn:
        assert_type(conn, Pg.AsyncConnection[Book])
        cursor = await conn.execute('')
        assert_type(cursor, Pg.AsyncCursor[Book])
        assert_type(await cursor.fetchone(), Book | None)
        assert_type([row async for row in conn.stream('')], list[Book])
        async for row in cursor:
            assert_type(row, Book)
        async with conn.cursor('name') as server_cursor:
            assert_type(server_cursor, Pg.AsyncServerCursor[Book])
            assert_type([row async for row in server_cursor], list[Book])
        async with await conn.copy_in('') as writer:
            await writer.write_row((1,))
        async with cursor.copy('') as copy:
            assert_type(await copy.read(), bytes)
        file = await conn.large_object()
        assert_type(await file.read(), bytes)
        assert_type(await (await conn.prepare('')).execute(), Pg.AsyncCursor[Any])
        async with conn.pipeline() as pipeline:
            await pipeline.sync()
        conn.commit().nonsense()  # type: ignore[attr-defined]
        await conn.set_autocommit(True)
        conn.autocommit = True  # type: ignore[misc]
    conn.close()
    await conn.close()


def values(conn: Pg.Connection[Values]) -> None:
    assert_type(Pg.Numeric('1.5').to_python(), decimal.Decimal)
    assert_type(Pg.Date(2024, 2, 29).to_python(), datetime.date)
    assert_type(Pg.Date('infinity') > Pg.Date(datetime.date(2024, 2, 29)), bool)
    assert_type(Pg.Interval(months=1).months, int)
    assert_type(Pg.Numeric.parse('1'), Pg.Numeric)
    assert_type(Pg.Numeric('1.5') == decimal.Decimal('1.5'), bool)
    Pg.Numeric(1.5)  # type: ignore[arg-type]
    Pg.Range(1, 2, 'x')  # type: ignore[arg-type]
    assert_type(list(Pg.Multirange([Pg.Range(1, 2)])), list[Pg.Range])
    assert_type(Pg.register_enum(conn.fetch_type('mood'), conn, Mood), type[Mood])
    conn.adapters.register_loader('int4', int)
    conn.adapters.register_loader(Pg.OID_INT4, lambda data: data, Pg.Format.BINARY)
    assert_type(Pg.Format.TEXT, Pg.Format)
    assert_type(Pg.errors.lookup('23505'), type[Pg.DbError])
    try:
        conn.commit()
    except Pg.errors.UniqueViolation as error:
        if error.diag is not None:
            assert_type(error.diag.constraint_name, str | None)
    except (conn.OperationalError, Pg.TimedOutError) as error:
        assert_type(error.sqlstate, str | None)


async def notifications(conn: Pg.Connection[Values], awaited: Pg.AsyncConnection[Values]) -> None:
    assert_type([notification.payload for notification in conn.notifies(timeout=1)], list[str])
    assert_type([notification.pid async for notification in awaited.notifies(stop_after=1)], list[int])
    conn.add_notice_handler(lambda diagnostic: diagnostic.message_primary)
    assert_type(conn.info.port, int)
    assert_type(conn.execute(b'SELECT 1'), Pg.Cursor[Values])
    assert_type([column.type_code == Pg.STRING for column in conn.execute('').description or ()], list[bool])
    assert_type(Pg.Timestamp(2024, 2, 29, 12, 0, 0), Pg.Timestamp)
