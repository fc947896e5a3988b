/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-value-order-private.h>

#include <math.h>

#include <pgconn/types/pg-array.h>
#include <pgconn/types/pg-bit-string.h>
#include <pgconn/types/pg-date.h>
#include <pgconn/types/pg-inet.h>
#include <pgconn/types/pg-interval.h>
#include <pgconn/types/pg-multirange.h>
#include <pgconn/types/pg-numeric.h>
#include <pgconn/types/pg-range.h>
#include <pgconn/types/pg-record.h>
#include <pgconn/types/pg-time.h>
#include <pgconn/types/pg-timestamp.h>

/* NaN is equal to itself and greater than all others. */
static int
compare_doubles (double a, double b)
{
  if (isnan (a) || isnan (b))
    return !!isnan (a) - !!isnan (b);
  return (a > b) - (a < b);
}

static guint
hash_double (double value)
{
  /* That of -0, which is equal. */
  double zero = 0;

  if (isnan (value))
    return 1;
  return g_double_hash (value == 0 ? &zero : &value);
}

/* For a type without an order: any order that tells those apart which differ. Free it. */
static char *
print (const GValue *value)
{
  g_auto (GValue) string = G_VALUE_INIT;

  if (G_VALUE_HOLDS_VARIANT (value))
    return g_variant_print (g_value_get_variant (value), TRUE);
  g_value_init (&string, G_TYPE_STRING);
  return g_value_transform (value, &string) ? g_value_dup_string (&string) : NULL;
}

static int
compare_prints (const GValue *a, const GValue *b)
{
  g_autofree char *print_of_a = print (a);
  g_autofree char *print_of_b = print (b);

  return g_strcmp0 (print_of_a, print_of_b);
}

static guint
hash_print (const GValue *value)
{
  g_autofree char *text = print (value);

  return text != NULL ? g_str_hash (text) : 0;
}

#define COMPARE(getter) ((getter (a) > getter (b)) - (getter (a) < getter (b)))

int
pg_value_compare (const GValue *a, const GValue *b)
{
  if (G_VALUE_HOLDS_INT (a))
    return COMPARE (g_value_get_int);
  if (G_VALUE_HOLDS_INT64 (a))
    return COMPARE (g_value_get_int64);
  if (G_VALUE_HOLDS_UINT (a))
    return COMPARE (g_value_get_uint);
  if (G_VALUE_HOLDS_UINT64 (a))
    return COMPARE (g_value_get_uint64);
  if (G_VALUE_HOLDS_BOOLEAN (a))
    return COMPARE (g_value_get_boolean);
  if (G_VALUE_HOLDS_ENUM (a))
    return COMPARE (g_value_get_enum);
  if (G_VALUE_HOLDS_DOUBLE (a))
    return compare_doubles (g_value_get_double (a), g_value_get_double (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_NUMERIC))
    return pg_numeric_compare (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_DATE))
    return pg_date_compare (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_TIMESTAMP))
    return pg_timestamp_compare (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_TIME))
    return pg_time_compare (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_INTERVAL))
    return pg_interval_compare (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_INET))
    return pg_inet_compare (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_BIT_STRING))
    return pg_bit_string_compare (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, G_TYPE_BYTES))
    return g_bytes_compare (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS_STRING (a))
    return g_strcmp0 (g_value_get_string (a), g_value_get_string (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_RANGE))
    return pg_range_compare (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_MULTIRANGE))
    return pg_multirange_compare (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_RECORD))
    return pg_record_compare (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_ARRAY))
    return pg_array_compare (g_value_get_boxed (a), g_value_get_boxed (b));
  return compare_prints (a, b);
}

guint
pg_value_hash (const GValue *value)
{
  gint64 integer;

  if (G_VALUE_HOLDS_INT (value))
    return (guint) g_value_get_int (value);
  if (G_VALUE_HOLDS_INT64 (value))
    {
      integer = g_value_get_int64 (value);
      return g_int64_hash (&integer);
    }
  if (G_VALUE_HOLDS_UINT (value))
    return g_value_get_uint (value);
  if (G_VALUE_HOLDS_UINT64 (value))
    {
      integer = (gint64) g_value_get_uint64 (value);
      return g_int64_hash (&integer);
    }
  if (G_VALUE_HOLDS_BOOLEAN (value))
    return (guint) g_value_get_boolean (value);
  if (G_VALUE_HOLDS_ENUM (value))
    return (guint) g_value_get_enum (value);
  if (G_VALUE_HOLDS_DOUBLE (value))
    return hash_double (g_value_get_double (value));
  if (G_VALUE_HOLDS (value, PG_TYPE_NUMERIC))
    return pg_numeric_hash (g_value_get_boxed (value));
  if (G_VALUE_HOLDS (value, PG_TYPE_DATE))
    return pg_date_hash (g_value_get_boxed (value));
  if (G_VALUE_HOLDS (value, PG_TYPE_TIMESTAMP))
    return pg_timestamp_hash (g_value_get_boxed (value));
  if (G_VALUE_HOLDS (value, PG_TYPE_TIME))
    return pg_time_hash (g_value_get_boxed (value));
  if (G_VALUE_HOLDS (value, PG_TYPE_INTERVAL))
    return pg_interval_hash (g_value_get_boxed (value));
  if (G_VALUE_HOLDS (value, PG_TYPE_INET))
    return pg_inet_hash (g_value_get_boxed (value));
  if (G_VALUE_HOLDS (value, PG_TYPE_BIT_STRING))
    return pg_bit_string_hash (g_value_get_boxed (value));
  if (G_VALUE_HOLDS (value, G_TYPE_BYTES))
    return g_bytes_hash (g_value_get_boxed (value));
  if (G_VALUE_HOLDS_STRING (value))
    return g_value_get_string (value) != NULL ? g_str_hash (g_value_get_string (value)) : 0;
  if (G_VALUE_HOLDS (value, PG_TYPE_RANGE))
    return pg_range_hash (g_value_get_boxed (value));
  if (G_VALUE_HOLDS (value, PG_TYPE_MULTIRANGE))
    return pg_multirange_hash (g_value_get_boxed (value));
  if (G_VALUE_HOLDS (value, PG_TYPE_RECORD))
    return pg_record_hash (g_value_get_boxed (value));
  if (G_VALUE_HOLDS (value, PG_TYPE_ARRAY))
    return pg_array_hash (g_value_get_boxed (value));
  return hash_print (value);
}
