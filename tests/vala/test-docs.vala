/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs the examples of docs/vala.md and docs/types.md, which are compiled with it. */

/* What an example prints. */
string printed;

void handle_print (string text)
{
  printed += text;
}

/* As GLib has it: the former one, which the binding of set_print_handler() drops. */
[CCode (cname = "g_set_print_handler")]
extern PrintFunc replace_print_handler (PrintFunc handler);

delegate void Example () throws Error;

/* Nothing else is taken: the lines of the test's own may go through a handler of GLib's. */
void capture (Example example) throws Error
{
  PrintFunc former = replace_print_handler (handle_print);

  printed = "";
  try
    {
      example ();
    }
  finally
    {
      replace_print_handler (former);
    }
}

async void run_examples (string conninfo) throws Error
{
  yield shop (conninfo);

  capture (() => list_items (conninfo));
  /* Newer versions of GLib print their debug messages there, too. */
  assert_true (printed.contains ("chair: 49.90\n"));

  assert_cmpstr (list_parts ("{[1,3),[5,)}"), CompareOperator.EQ, "1 to 3;5 to ;");

  var blocking = new Pg.Connection.open (conninfo);
  assert_cmpint ((int) find_items (blocking, { "chair", "table" }, "50.00").rowcount, CompareOperator.EQ, 1);
  assert_cmpint ((int) find_items (blocking, { "chair" }, "10").rowcount, CompareOperator.EQ, 0);
  capture (() => show_values (blocking));
  assert_true (printed.contains ("1.50 has 2 decimals, infinity is later than any day, a period has 1 month\n"));
  blocking.rollback ();

  var connection = yield new Pg.AsyncConnection (conninfo);
  assert_true (yield try_add (connection, "table"));
  assert_false (yield try_add (connection, "chair"));

  Timeout.add (100, () => {
    try
      {
        blocking.execute ("notify jobs, 'wake up'");
        blocking.commit ();
      }
    catch (Error e)
      {
        Test.message ("%s", e.message);
      }
    return Source.REMOVE;
  });
  assert_cmpstr (yield wait_for_job (connection), CompareOperator.EQ, "wake up");
  yield connection.rollback_async ();

  assert_cmpstr (join_names (blocking), CompareOperator.EQ, "chair table table");
  blocking.rollback ();
  assert_true ((yield add_items (connection, { "a", "b", "c" })) == 3);
  assert_cmpstr (yield find_name (connection, 49.9), CompareOperator.EQ, "chair");
  assert_null (yield find_name (connection, -1));
  assert_true ((yield sum_numbers (connection)) == 2500 * 2501 / 2);
  assert_true ((yield sum_stream (connection)) == 2500 * 2501 / 2);
  var source = new MemoryInputStream.from_data ("lamp\t1\nrug\t2\n".data);
  assert_true ((yield copy_items (connection, source)).has_suffix ("lamp\nrug\n"));
  assert_true ((yield copy_rows (connection)) == 8);
  assert_true ((yield add_all (connection, { "d", "e" })) == 2);
  assert_cmpstr (yield keep_text (connection, "some text"), CompareOperator.EQ, "some text");
  yield connection.close_async ();
}

void test_examples ()
{
  var server = new Pg.TestServer (Pg.TestServerFlags.NONE);
  Error? error = null;

  try
    {
      server.up ();
    }
  catch (IOError.NOT_FOUND e)
    {
      if (Environment.get_variable ("PGCONN_TEST_REQUIRE_SERVER") != null)
        Test.fail_printf ("%s", e.message);
      else
        Test.skip (e.message);
      return;
    }
  catch (Error e)
    {
      Test.fail_printf ("%s", e.message);
      return;
    }

  var loop = new MainLoop ();
  run_examples.begin (server.get_conninfo (), (_, result) => {
    try
      {
        run_examples.end (result);
      }
    catch (Error e)
      {
        error = e;
      }
    loop.quit ();
  });
  loop.run ();
  if (error != null)
    Test.fail_printf ("%s", error.message);
}

int main (string[] args)
{
  Test.init (ref args);
  Test.add_func ("/pg/vala/docs/examples", test_examples);
  return Test.run ();
}
