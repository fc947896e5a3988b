/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-fault-proxy-private.h"

#include <locale.h>

/* Feeds the bytes in pieces, and expects the types to come out. */
static void
assert_framing (PgFaultFraming framing, const char *bytes, gsize size, gsize piece, const int *expected, guint n_expected)
{
  guint n = 0;

  for (gsize start = 0; start < size; start += piece)
    {
      gsize end = MIN (start + piece, size);
      gsize i = start;

      while (i < end)
        {
          int type;
          gsize advanced = pg_fault_framing_advance (&framing, (const guint8 *) bytes + i, end - i, -1, &type);

          g_assert_cmpuint (advanced, >, 0);
          i += advanced;
          if (type >= 0)
            {
              g_assert_cmpuint (n, <, n_expected);
              g_assert_cmpint (type, ==, expected[n]);
              n++;
            }
        }
    }
  g_assert_cmpuint (n, ==, n_expected);
}

static void
test_framing (void)
{
  static const char startup[] = "\0\0\0\10\4\322\026\057"
                                "\0\0\0\12\0\3\0\0\0\0"
                                "Q\0\0\0\6;\0"
                                "S\0\0\0\4"
                                "X\0\0\0\4";
  static const int startup_types[] = { PG_FAULT_MESSAGE_SSL_REQUEST, PG_FAULT_MESSAGE_STARTUP, 'Q', 'S', 'X' };
  static const char cancel[] = "\0\0\0\20\4\322\026\056\0\0\0\1\0\0\0\2";
  static const int cancel_types[] = { PG_FAULT_MESSAGE_CANCEL_REQUEST };
  static const char reply[] = "NR\0\0\0\10\0\0\0\0Z\0\0\0\5I";
  static const int reply_types[] = { 'R', 'Z' };
  static const char encrypted[] = "SZ\0\0\0\5I";
  const PgFaultFraming client = { .startup = TRUE };
  const PgFaultFraming server = { .ssl_reply = TRUE };
  PgFaultFraming framing = { .opaque = FALSE };
  int type;

  g_test_summary ("Messages are told apart however the stream is cut into pieces.");
  for (gsize piece = 1; piece < sizeof startup; piece++)
    {
      assert_framing (client, startup, sizeof startup - 1, piece, startup_types, G_N_ELEMENTS (startup_types));
      assert_framing (client, cancel, sizeof cancel - 1, piece, cancel_types, G_N_ELEMENTS (cancel_types));
      assert_framing (server, reply, sizeof reply - 1, piece, reply_types, G_N_ELEMENTS (reply_types));
      assert_framing (server, encrypted, sizeof encrypted - 1, piece, NULL, 0);
      assert_framing (client, "\0\0\0\1garbage", 11, piece, NULL, 0);
    }

  /* A byte inside a message is not its type. */
  g_assert_cmpuint (pg_fault_framing_advance (&framing, (const guint8 *) "D\0\0\0\7CCCC\0\0\0\4", 13, 'C', &type), ==, 8);
  g_assert_cmpint (type, ==, 'D');
  g_assert_cmpuint (pg_fault_framing_advance (&framing, (const guint8 *) "C\0\0\0\4", 5, 'C', &type), ==, 0);
  g_assert_cmpint (type, ==, -1);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/fault-framing/pieces", test_framing);

  return g_test_run ();
}
