/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Cursors, streams, COPY and large objects, blocking: what the guide's examples, which are asynchronous, do not show. */

Pg.TestServer? server;

delegate void Body (Pg.Connection connection) throws Error;

/* With a connection to a database of the test's own. */
void run (Body body)
{
  try
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
              return;
            }
          server = candidate;
        }

      var connection = new Pg.Connection.open (server.create_database ());
      body (connection);
      connection.close ();
    }
  catch (Error e)
    {
      Test.message ("%s", e.message);
      Test.fail ();
    }
}

class Item : Object
{
  public int id { get; set; }
  public string name { get; set; }
}

void test_fetch (Pg.Connection connection) throws Error
{
  var cursor = connection.cursor ();
  assert_null (cursor.result);
  assert_null (cursor.query);
  assert_null (cursor.row_factory);

  cursor.execute ("select i as id, 'name ' || i as name from generate_series(1, 5) i");
  cursor.arraysize = 2;
  assert_cmpuint (cursor.fetch_many ().length, CompareOperator.EQ, 2);
  cursor.scroll (-1);
  assert_true (((!) cursor.fetch_one ()).get_int64 (0) == 2);
  cursor.scroll (4, Pg.ScrollMode.ABSOLUTE);
  assert_cmpuint (cursor.fetch_all ().length, CompareOperator.EQ, 1);
  assert_null (cursor.fetch_one ());

  /* An array owns its objects, and what is taken of it outlives it. */
  Item? third = null;
  {
    var items = ((!) cursor.result).to_objects (typeof (Item));
    assert_cmpuint (items.length, CompareOperator.EQ, 5);
    third = (Item) items[2];
  }
  assert_true (third.ref_count == 1);
  assert_cmpstr (third.name, CompareOperator.EQ, "name 3");
  assert_true (third.id == 3);

  cursor.row_factory = new Pg.RowFactory.object (typeof (Item));
  cursor.scroll (0, Pg.ScrollMode.ABSOLUTE);
  var fetched = cursor.fetch_objects ();
  assert_cmpstr (((Item) fetched[4]).name, CompareOperator.EQ, "name 5");
  assert_cmpuint (((!) cursor.result).dup_column_int64s (0).length, CompareOperator.EQ, 5);

  string[] names = {};
  foreach (var column in (!) cursor.dup_description ())
    names += column.get_name ();
  assert_cmpstr (string.joinv (" ", names), CompareOperator.EQ, "id name");
}

void test_many (Pg.Connection connection) throws Error
{
  connection.execute ("create table item (id int, name text)");
  var batch = new Pg.ParamsBatch ();
  uint8[] ids = {};
  foreach (var id in new int32[] { 1, 2, 3 })
    for (var i = 0; i < 4; i++)
      ids += ((uint8[]) (void*) &id)[i];
  batch.add_integer_column (new Bytes (ids), 4);
  batch.add_text_column (0, new Bytes ({ 'a', 0, 'b', 0, 'c', 0 }));

  var cursor = connection.cursor ();
  cursor.execute_batch ("insert into item values ($1, $2)", batch);
  assert_true (cursor.rowcount == 3);

  var sets = new Variant.array (null, { new Variant ("(is)", 4, "d"), new Variant ("(is)", 5, "e") });
  cursor.execute_many ("insert into item values ($1, $2) returning id", sets, Pg.ExecuteManyFlags.RETURNING);
  assert_true (((!) cursor.fetch_one ()).get_int64 (0) == 4);
  assert_true (cursor.next_result ());
  assert_true (((!) cursor.fetch_one ()).get_int64 (0) == 5);
  assert_false (cursor.next_result ());
}

void test_server_cursor (Pg.Connection connection) throws Error
{
  var cursor = connection.server_cursor ("numbers");

  cursor.scrollable = Pg.Tristate.ON;
  cursor.execute ("select generate_series(1, 10)");
  assert_cmpuint (cursor.fetch_many (4).length, CompareOperator.EQ, 4);
  cursor.scroll (-2);
  assert_true (((!) cursor.fetch_one ()).get_int64 (0) == 3);
  cursor.close ();
  assert_true (cursor.closed);
}

void test_stream (Pg.Connection connection) throws Error
{
  var stream = connection.cursor ().stream ("select generate_series(1, 1000)");
  Pg.Result? chunk;
  var n_chunks = 0;
  int64 sum = 0;

  while ((chunk = stream.next_chunk ()) != null)
    {
      n_chunks++;
      foreach (var number in ((!) chunk).dup_column_int64s (0))
        sum += number;
    }
  assert_true (sum == 500500);
  assert_true (n_chunks >= 4);
  assert_true (stream.is_over ());
  stream.close ();
}

void test_statement (Pg.Connection connection) throws Error
{
  var statement = connection.prepare ("select $1::int + 1 as next");

  assert_cmpuint (statement.get_n_parameters (), CompareOperator.EQ, 1);
  assert_cmpstr (statement.get_parameter_type_name (0), CompareOperator.EQ, "int4");
  assert_cmpstr (((!) statement.get_column (0)).get_name (), CompareOperator.EQ, "next");
  var cursor = connection.cursor ();
  cursor.execute_statement (statement, new Variant ("(i)", 41));
  assert_true (((!) cursor.fetch_one ()).get_int64 (0) == 42);
  connection.close_statement (statement);
  assert_true (statement.get_closed ());

  var typed = connection.prepare ("select $1", { Pg.OID_DATE });
  assert_true (typed.get_parameter_type (0) == Pg.OID_DATE);
}

void test_copy (Pg.Connection connection) throws Error
{
  connection.execute ("create table item (id int, name text)");
  var input = connection.copy_in ("copy item from stdin");
  input.splice (new MemoryInputStream.from_data ("1\ta\n".data), OutputStreamSpliceFlags.CLOSE_SOURCE);
  var row = new Pg.Params ();
  row.add_integer (2);
  row.add_null ();
  input.write_row (row);
  var columns = new Pg.CopyColumns ();
  columns.add_texts (new Bytes ({ '3', 0, '4', 0 }), 2);
  columns.add_texts (new Bytes ({ 'c', 0, 'd', 0 }), 2);
  input.write_columns (columns);
  input.close ();
  assert_true (input.get_rowcount () == 4);

  var output = connection.copy_out ("copy item to stdout");
  output.set_type_names ({ "int4", "text" });
  var rows = output.read_rows ();
  output.close ();
  assert_cmpuint (rows.get_n_rows (), CompareOperator.EQ, 4);
  assert_true (rows.get_int64 (1, 0) == 2 && rows.is_null (1, 1));

  var given_up = connection.copy_in ("copy item from stdin");
  var refused = false;
  given_up.abort ();
  try
    {
      given_up.close ();
    }
  catch (IOError.CANCELLED e)
    {
      refused = true;
    }
  assert_true (refused);
}

void test_pipeline (Pg.Connection connection) throws Error
{
  var pipeline = connection.pipeline ();

  assert_true (pipeline.status == Pg.PipelineStatus.OFF);
  pipeline.begin ();
  var first = connection.execute ("select 1");
  var second = connection.execute ("select 2");
  assert_true (connection.pipeline_status == Pg.PipelineStatus.ON);
  pipeline.sync ();
  assert_true (((!) first.fetch_one ()).get_int64 (0) == 1);
  second.wait ();
  assert_true (((!) second.result).get_int64 (0, 0) == 2);
  pipeline.end ();
  assert_true (pipeline.get_connection () == connection);

  pipeline.begin ();
  connection.execute ("select 1/0");
  var thrown = false;
  try
    {
      pipeline.end ();
    }
  catch (Pg.Error.DIVISION_BY_ZERO e)
    {
      thrown = true;
    }
  assert_true (thrown);
  connection.rollback ();
}

void test_large_object (Pg.Connection connection) throws Error
{
  var object = connection.create_large_object ();

  object.output_stream.write_all ("some text".data, null);
  assert_true (object.query_size () == 9);
  object.truncate (4);
  assert_true (object.tell () == 9);
  object.close ();

  var reader = connection.open_large_object (object.get_oid ());
  assert_true (reader.get_mode () == Pg.LargeObjectMode.READ);
  assert_true (reader.input_stream.read_bytes (100).compare (new Bytes ("some".data)) == 0);
  reader.close ();
  connection.unlink_large_object (object.get_oid ());
}

int main (string[] args)
{
  Test.init (ref args);
  Test.add_func ("/pg/vala/cursors/fetch", () => run (test_fetch));
  Test.add_func ("/pg/vala/cursors/many", () => run (test_many));
  Test.add_func ("/pg/vala/cursors/server-cursor", () => run (test_server_cursor));
  Test.add_func ("/pg/vala/cursors/stream", () => run (test_stream));
  Test.add_func ("/pg/vala/cursors/statement", () => run (test_statement));
  Test.add_func ("/pg/vala/cursors/copy", () => run (test_copy));
  Test.add_func ("/pg/vala/cursors/pipeline", () => run (test_pipeline));
  Test.add_func ("/pg/vala/cursors/large-object", () => run (test_large_object));

  var status = Test.run ();
  server = null;
  return status;
}
