/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The value types: made, compared, hashed, printed and taken apart as a Vala program does it, and read from results of both formats. */

Pg.TestServer? server;

delegate void Body () throws Error;

void run (owned Body body)
{
  try
    {
      body ();
    }
  catch (Error e)
    {
      Test.message ("%s", e.message);
      Test.fail ();
    }
}

/* A connection to a database of the test's own; null when the test is skipped. */
Pg.Connection? connect_to_new () throws Error
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
  return new Pg.Connection.open (server.create_database ());
}

void test_numeric () throws Error
{
  var price = Pg.Numeric.parse ("49.90");

  assert_cmpstr (@"$price", CompareOperator.EQ, "49.90");
  assert_true (price.scale == 2);
  assert_true (price.equal (Pg.Numeric.parse ("49.9")));
  assert_true (price.compare (new Pg.Numeric.from_int64 (50)) < 0);
  assert_true (price.to_double () == 49.9);
  assert_true (new Pg.Numeric.from_int64 (int64.MIN).to_int64 () == int64.MIN);
  assert_true (Pg.Numeric.parse ("NaN").is_nan ());

  var refused = false;
  try
    {
      price.to_int64 ();
    }
  catch (Pg.Error.DATA e)
    {
      refused = true;
    }
  assert_true (refused);
}

void test_date () throws Error
{
  var day = new Pg.Date.from_ymd (2024, 2, 29);
  int year, month, number;

  assert_cmpstr (@"$day", CompareOperator.EQ, "2024-02-29");
  assert_true (day.get_ymd (out year, out month, out number));
  assert_true (year == 2024 && month == 2 && number == 29);
  assert_true (new Pg.Date.from_days (day.days + 1).equal (Pg.Date.parse ("2024-03-01")));
  assert_true (new Pg.Date.infinity (false).is_infinite ());
  assert_true (day.compare (new Pg.Date.infinity (true)) > 0);
  assert_true (((!) day.to_gdate ()).get_julian () == 738945);
  assert_false (new Pg.Date.infinity (true).get_ymd (out year, out month, out number));
}

void test_time () throws Error
{
  var noon = new Pg.Time (12, 1, 2, 3);
  int hour, minute, second, microsecond;

  noon.get_hms (out hour, out minute, out second, out microsecond);
  assert_true (hour == 12 && minute == 1 && second == 2 && microsecond == 3);
  assert_true (noon.microseconds == (12 * 3600 + 62) * (int64) 1000000 + 3);
  assert_false (noon.has_offset ());
  assert_true (new Pg.Time.with_offset (0, 3600).offset == 3600);
  assert_cmpstr (@"$(Pg.Time.parse ("24:00:00"))", CompareOperator.EQ, "24:00:00");
}

void test_timestamp () throws Error
{
  var moment = new Pg.Timestamp.from_datetime (new DateTime.utc (2024, 2, 29, 1, 2, 3.5));

  assert_cmpstr (@"$moment", CompareOperator.EQ, "2024-02-29 01:02:03.5+00");
  assert_true (moment.has_time_zone ());
  assert_true (moment.to_datetime ().get_microsecond () == 500000);
  assert_true (new Pg.Timestamp.from_microseconds (moment.microseconds, true).equal (moment));
  assert_true (moment.compare (new Pg.Timestamp.infinity (false, true)) < 0);
}

void test_interval () throws Error
{
  var interval = new Pg.Interval (14, -3, 5 * TimeSpan.SECOND);
  TimeSpan span;

  assert_true (interval.months == 14 && interval.days == -3 && interval.microseconds == 5 * TimeSpan.SECOND);
  assert_true (new Pg.Interval (1, 0, 0).equal (new Pg.Interval (0, 30, 0)));
  assert_true (new Pg.Interval.from_time_span (TimeSpan.HOUR).to_time_span (out span));
  assert_true (span == TimeSpan.HOUR);
}

void test_inet () throws Error
{
  var inet = new Pg.Inet (new InetAddress.from_string ("10.0.0.1"), 8);

  assert_cmpstr (@"$inet", CompareOperator.EQ, "10.0.0.1/8");
  assert_true (inet.family == SocketFamily.IPV4 && inet.prefix_length == 8 && !inet.is_cidr ());
  assert_cmpstr (inet.dup_address ().to_string (), CompareOperator.EQ, "10.0.0.1");
  assert_true (Pg.Inet.parse_cidr ("10.0.0.0/8").dup_mask ().matches (inet.dup_address ()));
}

void test_ranges () throws Error
{
  var range = new Pg.Range (Pg.OID_INT4, "1", "5", "[)");

  assert_cmpstr (@"$range", CompareOperator.EQ, "[1,5)");
  assert_true (range.element_type == Pg.OID_INT4);
  assert_true (range.lower == "1" && range.upper == "5");
  assert_true (range.get_lower_value ().get_int () == 1);
  assert_true (range.is_lower_inclusive () && !range.is_upper_inclusive ());
  assert_null (new Pg.Range (Pg.OID_DATE, null, null, "()").lower);
  assert_true (new Pg.Range.empty (Pg.OID_INT4).is_empty ());

  string[] texts = {};
  foreach (unowned var part in Pg.Multirange.parse ("{[1,3),[5,7)}", Pg.OID_INT4))
    texts += part.to_string ();
  assert_cmpstr (string.joinv (" ", texts), CompareOperator.EQ, "[1,3) [5,7)");
}

void test_others () throws Error
{
  var bits = Pg.BitString.parse ("101");
  assert_true (bits.length == 3 && bits.get_bit (0) && !bits.get_bit (1) && bits.bytes.get_size () == 1);

  var point = new Pg.Point (1, 2.5);
  assert_true (point.x == 1 && point.y == 2.5);
  assert_cmpstr (@"$point", CompareOperator.EQ, "(1,2.5)");

  var array = Pg.Array.parse ("[0:1]={1,NULL}", Pg.OID_INT4);
  assert_true (array.element_type == Pg.OID_INT4 && array.n_dimensions == 1 && array.n_elements == 2 && array.get_lower_bound (0) == 0);
  assert_true (array.is_null (1) && array.get_value (0).get_int () == 1);
  assert_cmpstr (@"$((!) array.to_string ())", CompareOperator.EQ, "[0:1]={1,NULL}");

  var record = Pg.Record.parse ("(1,,\"a b\")");
  assert_true (record.n_fields == 3 && record.is_null (1));
  assert_cmpstr ((!) record.get_text (2), CompareOperator.EQ, "a b");
}

/* As keys, and in order. */
void test_collections () throws Error
{
  var prices = new HashTable<Pg.Numeric, string> (Pg.Numeric.hash, Pg.Numeric.equal);
  prices[Pg.Numeric.parse ("1.50")] = "chair";
  assert_cmpstr (prices[Pg.Numeric.parse ("1.5")], CompareOperator.EQ, "chair");

  var days = new GenericArray<Pg.Date> ();
  foreach (unowned var text in new string[] { "infinity", "2024-01-01", "0044-03-15 BC" })
    days.add (Pg.Date.parse (text));
  days.sort ((a, b) => a.compare (b));
  assert_cmpstr (@"$(days[0]) $(days[1]) $(days[2])", CompareOperator.EQ, "0044-03-15 BC 2024-01-01 infinity");
}

void test_results () throws Error
{
  var connection = connect_to_new ();
  if (connection == null)
    return;

  foreach (unowned var format in new Pg.Format[] { Pg.Format.TEXT, Pg.Format.BINARY })
    {
      var cursor = connection.cursor ();
      cursor.set_format (format);
      cursor.execute ("""SELECT 1.50, date 'infinity', timestamp '0044-03-15 BC', interval '1 mon', inet '10.0.0.1/8', int4range(1, 5), point '(1,2)',
                                bit '101', time '24:00', NULL::date, 7::int8, '{[1,3)}'::int4multirange""");
      var result = cursor.get_result ();

      assert_cmpstr (@"$((!) result.dup_numeric (0, 0))", CompareOperator.EQ, "1.50");
      assert_true (((!) result.dup_date (0, 1)).is_infinite ());
      assert_cmpstr (@"$((!) result.dup_timestamp (0, 2))", CompareOperator.EQ, "0044-03-15 00:00:00 BC");
      assert_null (result.dup_date (0, 9));

      /* The type of any value. */
      string[] names = {};
      for (uint column = 0; column < result.get_n_columns (); column++)
        {
          Value value;
          result.get_value (0, column, out value);
          names += value.type ().name ();
        }
      assert_cmpstr (string.joinv (" ", names), CompareOperator.EQ,
                     "PgNumeric PgDate PgTimestamp PgInterval PgInet PgRange PgPoint PgBitString PgTime gchararray gint64 PgMultirange");
      Value value;
      result.get_value (0, 3, out value);
      assert_true (((Pg.Interval) value).months == 1);
      result.get_value (0, 5, out value);
      assert_true (((Pg.Range) value).upper == "5");
    }
  connection.close ();
}

int main (string[] args)
{
  Test.init (ref args);
  Test.add_func ("/pg/vala/types/numeric", () => run (test_numeric));
  Test.add_func ("/pg/vala/types/date", () => run (test_date));
  Test.add_func ("/pg/vala/types/time", () => run (test_time));
  Test.add_func ("/pg/vala/types/timestamp", () => run (test_timestamp));
  Test.add_func ("/pg/vala/types/interval", () => run (test_interval));
  Test.add_func ("/pg/vala/types/inet", () => run (test_inet));
  Test.add_func ("/pg/vala/types/ranges", () => run (test_ranges));
  Test.add_func ("/pg/vala/types/others", () => run (test_others));
  Test.add_func ("/pg/vala/types/collections", () => run (test_collections));
  Test.add_func ("/pg/vala/types/results", () => run (test_results));

  var status = Test.run ();
  server = null;
  return status;
}
