/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The library through the generated vapi: each form that Vala has of its own, as "yield", signals with details and error domains. */

Pg.TestServer? server;

/* A database for one test, or null when the test is skipped. */
string? fresh_database () throws Error
{
  if (server == null)
    {
      var candidate = new Pg.TestServer (Pg.TestServerFlags.NONE);

      try
        {
          candidate.up ();
        }
      catch (IOError.NOT_FOUND e)
        {
          if (Environment.get_variable ("PGCONN_TEST_REQUIRE_SERVER") != null)
            throw e;
          Test.skip (e.message);
          return null;
        }
      server = candidate;
    }
  return server.create_database ();
}

async void pause_for (uint milliseconds)
{
  Timeout.add (milliseconds, () => {
    pause_for.callback ();
    return Source.REMOVE;
  });
  yield;
}

/* Tests are methods, which can fail and wait: what they throw fails them. */
delegate void Blocking (string conninfo) throws Error;

void run_blocking (Blocking body)
{
  try
    {
      var conninfo = fresh_database ();

      if (conninfo != null)
        body (conninfo);
    }
  catch (Error e)
    {
      Test.message ("%s %d: %s", e.domain.to_string (), e.code, e.message);
      Test.fail ();
    }
}

void run_async (owned AsyncTest test)
{
  run_blocking ((conninfo) => {
    var loop = new MainLoop ();
    Error? error = null;

    test.run.begin (conninfo, (_, result) => {
      try
        {
          test.run.end (result);
        }
      catch (Error e)
        {
          error = e;
        }
      loop.quit ();
    });
    loop.run ();
    if (error != null)
      throw error;
  });
}

abstract class AsyncTest
{
  public abstract async void run (string conninfo) throws Error;
}

class ExecuteTest : AsyncTest
{
  public override async void run (string conninfo) throws Error
  {
    var connection = yield new Pg.AsyncConnection (conninfo);
    var cursor = yield connection.execute_async ("select $1 + 1, $2", new Variant ("(is)", 41, "text"));
    var row = yield cursor.fetch_one_async ();

    assert_cmpint ((int) row.get_int64 (0), CompareOperator.EQ, 42);
    assert_cmpstr (row.get_text (1), CompareOperator.EQ, "text");
    assert_null (yield cursor.fetch_one_async ());

    yield cursor.execute_async ("select g from generate_series(1, 3) g");
    var rows = yield cursor.fetch_all_async ();
    int64 sum = 0;
    rows.foreach ((r) => {
      try
        {
          sum += r.get_int64 (0);
        }
      catch (Error e)
        {
          sum = -1;
        }
    });
    assert_cmpuint (rows.length, CompareOperator.EQ, 3);
    assert_cmpint ((int) sum, CompareOperator.EQ, 6);

    yield connection.commit_async ();
    yield connection.close_async ();
    assert_true (connection.closed);
    assert_cmpint ((int) rows[2].get_int64 (0), CompareOperator.EQ, 3);
  }
}

class ErrorTest : AsyncTest
{
  public override async void run (string conninfo) throws Error
  {
    var connection = yield new Pg.AsyncConnection (conninfo);
    var caught = false;

    yield connection.set_autocommit_async (true);
    yield connection.execute_async ("create table item (id int constraint item_id_unique unique)");
    yield connection.execute_async ("insert into item values (1)");
    try
      {
        yield connection.execute_async ("insert into item values (1)");
      }
    catch (Pg.Error.UNIQUE_VIOLATION e)
      {
        caught = true;
        assert_cmpstr (Pg.Error.get_sqlstate (e), CompareOperator.EQ, "23505");
        assert_cmpstr (Pg.Error.get_diagnostic (e).get_constraint_name (), CompareOperator.EQ, "item_id_unique");
      }
    assert_true (caught);
  }
}

class CancelTest : AsyncTest
{
  public override async void run (string conninfo) throws Error
  {
    var connection = yield new Pg.AsyncConnection (conninfo);
    var cancellable = new Cancellable ();
    var cancelled = false;

    yield connection.set_autocommit_async (true);
    Timeout.add (100, () => {
      cancellable.cancel ();
      return Source.REMOVE;
    });
    try
      {
        yield connection.execute_async ("select pg_sleep(300)", null, cancellable);
      }
    catch (IOError.CANCELLED e)
      {
        cancelled = true;
      }
    assert_true (cancelled);

    var cursor = yield connection.execute_async ("select 42");
    assert_cmpint ((int) cursor.result.get_int64 (0, 0), CompareOperator.EQ, 42);
  }
}

class NotificationTest : AsyncTest
{
  public override async void run (string conninfo) throws Error
  {
    var connection = yield new Pg.AsyncConnection (conninfo);
    string? payload = null;
    var others = 0;

    connection.notification["jobs"].connect ((notification) => payload = notification.get_payload ());
    connection.notification["other"].connect (() => others++);
    yield connection.execute_async ("listen jobs");
    yield connection.commit_async ();

    var sender = new Pg.Connection.open (conninfo);
    sender.execute ("notify jobs, 'wake up'");
    sender.commit ();
    while (payload == null)
      yield pause_for (5);
    assert_cmpstr (payload, CompareOperator.EQ, "wake up");
    assert_cmpint (others, CompareOperator.EQ, 0);
  }
}

void test_blocking (string conninfo) throws Error
{
  var connection = new Pg.Connection.open (conninfo);

  connection.execute ("create table item (id bigint, name text)");
  connection.execute ("insert into item values ($1, $2)", new Variant ("(xms)", int64.MAX, null));
  var row = connection.execute ("select id, name from item").fetch_one ();
  assert_true (row.get_int64 (0) == int64.MAX);
  assert_true (row.is_null (1));
  connection.rollback ();

  var missing = false;
  try
    {
      connection.execute ("select * from item");
    }
  catch (Pg.Error.UNDEFINED_TABLE e)
    {
      missing = true;
    }
  assert_true (missing);
  assert_true (connection.transaction_status == Pg.TransactionStatus.INERROR);
  connection.close ();
  assert_true (connection.closed);
}

void test_params (string conninfo) throws Error
{
  var connection = new Pg.Connection.open (conninfo);
  var params = new Pg.Params ();

  params.add_int64 (int64.MIN);
  params.add_numeric (Pg.Numeric.parse ("12345678901234567890.50"));
  params.add_bytes (new Bytes ({ 0, 255 }));
  params.add_strv ({ "a", "b" });
  params.add_int64_array ({ 1, 2, 3 });
  params.add_null ();

  var row = connection.execute_params ("select $1, $2, $3, $4, $5, $6::text", params).fetch_one ();
  assert_true (row.get_int64 (0) == int64.MIN);
  assert_cmpstr (row.dup_numeric (1).to_string (), CompareOperator.EQ, "12345678901234567890.50");
  assert_cmpuint ((uint) row.dup_bytes (2).length, CompareOperator.EQ, 2);
  assert_cmpstr (row.get_text (3), CompareOperator.EQ, "{a,b}");
  assert_cmpstr (row.get_text (4), CompareOperator.EQ, "{1,2,3}");
  assert_true (row.is_null (5));
}

/* Rows of an array are the array's: neither lost nor freed twice. */
void test_rows (string conninfo) throws Error
{
  var connection = new Pg.Connection.open (conninfo);
  Pg.Row? kept = null;

  {
    var rows = connection.execute ("select g from generate_series(1, 100) g").fetch_all ();

    assert_cmpuint (rows.length, CompareOperator.EQ, 100);
    kept = rows[99];
  }
  connection.close ();
  assert_cmpint ((int) kept.get_int64 (0), CompareOperator.EQ, 100);
  assert_cmpuint (kept.ref_count, CompareOperator.EQ, 1);
}

void test_result (string conninfo) throws Error
{
  var connection = new Pg.Connection.open (conninfo);
  var cursor = connection.execute ("select 1 as a, 'x'::text as b union all select 2, null");
  var columns = cursor.dup_description ();
  Value value;

  assert_cmpint (columns.length, CompareOperator.EQ, 2);
  assert_cmpstr (columns[1].get_name (), CompareOperator.EQ, "b");
  assert_cmpuint (cursor.result.get_n_items (), CompareOperator.EQ, 2);
  assert_true (cursor.rowcount == 2);
  cursor.result.get_value (0, 0, out value);
  assert_cmpint (value.get_int (), CompareOperator.EQ, 1);
}

void test_open_fails (string conninfo) throws Error
{
  var refused = false;

  try
    {
      new Pg.Connection.open (conninfo + " dbname=missing");
    }
  catch (Pg.Error.INVALID_CATALOG_NAME e)
    {
      refused = true;
    }
  assert_true (refused);
}

int main (string[] args)
{
  Test.init (ref args);
  Test.add_func ("/pg/vala/execute", () => run_async (new ExecuteTest ()));
  Test.add_func ("/pg/vala/error", () => run_async (new ErrorTest ()));
  Test.add_func ("/pg/vala/cancel", () => run_async (new CancelTest ()));
  Test.add_func ("/pg/vala/notification", () => run_async (new NotificationTest ()));
  Test.add_func ("/pg/vala/blocking", () => run_blocking (test_blocking));
  Test.add_func ("/pg/vala/params", () => run_blocking (test_params));
  Test.add_func ("/pg/vala/rows", () => run_blocking (test_rows));
  Test.add_func ("/pg/vala/result", () => run_blocking (test_result));
  Test.add_func ("/pg/vala/open-fails", () => run_blocking (test_open_fails));

  var status = Test.run ();
  server = null;
  return status;
}
