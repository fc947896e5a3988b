/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/pgconn.h>

#include <pgconn/types/pg-codec-private.h>

/* Each conversion of the value. */
static inline void
pg_test_assert_all_fail (const PgWireValue *wire)
{
  g_autoptr (GError) text_error = NULL;
  g_autoptr (GError) variant_error = NULL;
  g_autoptr (GError) value_error = NULL;
  g_autoptr (GVariant) variant = NULL;
  GValue value = G_VALUE_INIT;
  g_autofree char *text = pg_codec_to_text (wire, &text_error);

  g_assert_null (text);
  g_assert_error (text_error, PG_ERROR, PG_ERROR_DATA);
  variant = pg_codec_to_variant (wire, &variant_error);
  g_assert_null (variant);
  g_assert_error (variant_error, PG_ERROR, PG_ERROR_DATA);
  g_assert_false (pg_codec_to_value (wire, &value, &value_error));
  g_assert_error (value_error, PG_ERROR, PG_ERROR_DATA);
  g_assert_cmpuint (G_VALUE_TYPE (&value), ==, 0);
}
