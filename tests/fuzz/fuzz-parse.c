/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The parsers that are public, of what users write. The input: one byte which of them, for ranges two bytes the OID of the type of
 * the bounds, then the text. */
#include "pg-fuzz.h"

#include <string.h>

#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-value-order-private.h>

static guint element_type;

static PgRange *
parse_range (const char *text, GError **error)
{
  return pg_range_parse (text, element_type, error);
}

static PgMultirange *
parse_multirange (const char *text, GError **error)
{
  return pg_multirange_parse (text, element_type, error);
}

typedef gpointer (*Parse) (const char *text, GError **error);

static const struct
{
  Parse parse;
  GType (*get_type) (void);
} parsers[] = {
  { (Parse) pg_numeric_parse, pg_numeric_get_type },
  { (Parse) pg_interval_parse, pg_interval_get_type },
  { (Parse) pg_date_parse, pg_date_get_type },
  { (Parse) pg_time_parse, pg_time_get_type },
  { (Parse) pg_timestamp_parse, pg_timestamp_get_type },
  { (Parse) pg_inet_parse, pg_inet_get_type },
  { (Parse) pg_inet_parse_cidr, pg_inet_get_type },
  { (Parse) pg_bit_string_parse, pg_bit_string_get_type },
  { (Parse) pg_record_parse, pg_record_get_type },
  { (Parse) parse_range, pg_range_get_type },
  { (Parse) parse_multirange, pg_multirange_get_type },
};

static void
get_numeric (PgNumeric *value)
{
  GError *error = NULL;
  const gint64 integer = pg_numeric_to_int64 (value, &error);

  if (pg_fuzz_result (error == NULL, &error, TRUE))
    {
      g_autoptr (PgNumeric) again = pg_numeric_new_from_int64 (integer);

      pg_fuzz_check (pg_numeric_equal (value, again));
    }
  pg_fuzz_check (pg_numeric_is_nan (value) == (pg_numeric_to_double (value) != pg_numeric_to_double (value)));
  pg_fuzz_check (pg_numeric_get_scale (value) <= 16383);
}

static void
get_interval (PgInterval *value)
{
  GTimeSpan span = 0;
  GError *error = NULL;

  if (pg_fuzz_result (pg_interval_to_time_span (value, &span, &error), &error, TRUE))
    {
      g_autoptr (PgInterval) again = pg_interval_new_from_time_span (span);

      pg_fuzz_check (pg_interval_equal (value, again));
    }
}

static void
get_date (PgDate *value)
{
  GError *error = NULL;
  g_autoptr (GDate) date = pg_date_to_gdate (value, &error);
  int year = 0, month = 0, day = 0;

  if (pg_fuzz_result (date != NULL, &error, TRUE))
    {
      g_autoptr (PgDate) again = pg_date_new_from_gdate (date, NULL);

      pg_fuzz_check (again != NULL && pg_date_equal (value, again));
    }
  if (pg_date_get_ymd (value, &year, &month, &day))
    {
      g_autoptr (PgDate) again = pg_date_new_from_ymd (year, month, day, NULL);

      pg_fuzz_check (again != NULL && pg_date_equal (value, again));
    }
  else
    pg_fuzz_check (pg_date_is_infinite (value));
}

static void
get_time (PgTime *value)
{
  int hour = 0, minute = 0, second = 0, microsecond = 0;
  g_autoptr (PgTime) again = NULL;

  pg_time_get_hms (value, &hour, &minute, &second, &microsecond);
  again = pg_time_has_offset (value) ? pg_time_new_with_offset (pg_time_get_microseconds (value), pg_time_get_offset (value), NULL)
                                     : pg_time_new (hour, minute, second, microsecond, NULL);
  pg_fuzz_check (again != NULL && pg_time_equal (value, again));
}

static void
get_timestamp (PgTimestamp *value)
{
  GError *error = NULL;
  g_autoptr (GDateTime) datetime = pg_timestamp_to_datetime (value, &error);

  if (pg_fuzz_result (datetime != NULL, &error, TRUE) && pg_timestamp_has_time_zone (value))
    {
      g_autoptr (PgTimestamp) again = pg_timestamp_new_from_datetime (datetime);

      pg_fuzz_check (again != NULL && pg_timestamp_equal (value, again));
    }
}

static void
get_inet (PgInet *value)
{
  g_autoptr (GInetAddress) address = pg_inet_dup_address (value);
  g_autoptr (GInetAddressMask) mask = pg_inet_dup_mask (value);
  GError *error = NULL;
  g_autoptr (PgInet) again = pg_inet_new (address, (int) pg_inet_get_prefix_length (value), &error);

  pg_fuzz_check (pg_fuzz_result (again != NULL, &error, TRUE));
  pg_fuzz_check (pg_inet_is_cidr (value) || pg_inet_equal (value, again));
  pg_fuzz_check (mask != NULL);
}

static void
get_bits (PgBitString *value)
{
  GBytes *bytes = pg_bit_string_get_bytes (value);
  const gsize length = pg_bit_string_get_length (value);
  GError *error = NULL;
  g_autoptr (PgBitString) again = pg_bit_string_new (bytes, length, &error);

  pg_fuzz_check (pg_fuzz_result (again != NULL, &error, TRUE));
  pg_fuzz_check (pg_bit_string_equal (value, again));
  for (gsize i = 0; i < length && i < 100; i++)
    pg_fuzz_check (pg_bit_string_get_bit (value, i) == pg_bit_string_get_bit (again, i));
}

static void
get_record (PgRecord *value)
{
  for (guint i = 0; i < pg_record_get_n_fields (value); i++)
    {
      g_auto (GValue) field = G_VALUE_INIT;
      const char *text = pg_record_get_text (value, i);

      pg_fuzz_check ((text == NULL) == pg_record_is_null (value, i));
      pg_record_get_value (value, i, &field);
    }
}

static void
get_range (PgRange *value)
{
  g_auto (GValue) lower = G_VALUE_INIT;
  g_auto (GValue) upper = G_VALUE_INIT;

  pg_range_get_lower_value (value, &lower);
  pg_range_get_upper_value (value, &upper);
  if (pg_range_is_empty (value))
    pg_fuzz_check (pg_range_get_lower (value) == NULL && pg_range_get_upper (value) == NULL);
  else
    {
      const char bounds[] = { pg_range_is_lower_inclusive (value) ? '[' : '(', pg_range_is_upper_inclusive (value) ? ']' : ')', '\0' };
      GError *error = NULL;
      g_autoptr (PgRange) again = pg_range_new (element_type, pg_range_get_lower (value), pg_range_get_upper (value), bounds, &error);

      /* A range type of the user's may have an order of its own, which what is read may follow. */
      if (pg_fuzz_result (again != NULL, &error, TRUE))
        pg_fuzz_check (pg_range_equal (value, again));
      else
        pg_fuzz_check (pg_value_compare (&lower, &upper) > 0);
    }
}

static void
get_multirange (PgMultirange *value)
{
  for (guint i = 0; i < pg_multirange_get_n_ranges (value); i++)
    {
      PgRange *range = pg_multirange_get_range (value, i);

      pg_fuzz_check (range != NULL);
      get_range (range);
    }
}

/* What the class gives makes the same value again. */
static void
get_parts (guint parser, gpointer value)
{
  switch (parser)
    {
    case 0: get_numeric (value); break;
    case 1: get_interval (value); break;
    case 2: get_date (value); break;
    case 3: get_time (value); break;
    case 4: get_timestamp (value); break;
    case 5: case 6: get_inet (value); break;
    case 7: get_bits (value); break;
    case 8: get_record (value); break;
    case 9: get_range (value); break;
    default: get_multirange (value); break;
    }
}

static void
set_value (GValue *value, guint parser, const char *text)
{
  GError *error = NULL;
  gpointer boxed = parsers[parser].parse (text, &error);

  if (pg_fuzz_result (boxed != NULL, &error, TRUE))
    {
      g_value_init (value, parsers[parser].get_type ());
      g_value_take_boxed (value, boxed);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) again = G_VALUE_INIT;
  g_auto (GValue) string = G_VALUE_INIT;
  g_auto (GValue) second_string = G_VALUE_INIT;
  g_autofree char *text = NULL;
  guint parser;

  if (size < 1)
    return 0;
  parser = *data++ % G_N_ELEMENTS (parsers);
  size--;
  if (parsers[parser].get_type == pg_range_get_type || parsers[parser].get_type == pg_multirange_get_type)
    {
      if (size < 2)
        return 0;
      element_type = (guint) data[0] << 8 | data[1];
      data += 2;
      size -= 2;
    }
  text = size > 0 ? g_strndup ((const char *) data, size) : g_strdup ("");

  set_value (&value, parser, text);
  if (G_VALUE_TYPE (&value) == 0)
    return 0;
  g_value_init (&string, G_TYPE_STRING);
  pg_fuzz_check (g_value_transform (&value, &string));
  pg_fuzz_check (g_value_get_string (&string) != NULL && g_utf8_validate (g_value_get_string (&string), -1, NULL));
  pg_fuzz_note ("“%s” of “%s”", g_value_get_string (&string), text);
  get_parts (parser, g_value_get_boxed (&value));

  /* Its text is read as the same value with the same text. */
  set_value (&again, parser, g_value_get_string (&string));
  pg_fuzz_check (G_VALUE_TYPE (&again) != 0);
  pg_fuzz_check (pg_value_compare (&value, &again) == 0);
  pg_fuzz_check (pg_value_hash (&value) == pg_value_hash (&again));
  g_value_init (&second_string, G_TYPE_STRING);
  pg_fuzz_check (g_value_transform (&again, &second_string));
  if (strcmp (g_value_get_string (&string), g_value_get_string (&second_string)) != 0)
    pg_fuzz_note ("“%s” then “%s”", g_value_get_string (&string), g_value_get_string (&second_string));
  pg_fuzz_check (strcmp (g_value_get_string (&string), g_value_get_string (&second_string)) == 0);
  return 0;
}
