/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a text may mean by itself nobody knows: the settings of the session that sent it, as far as they are known. */
enum
{
  PG_WIRE_SESSION_MDY = 1 << 0, /* DateStyle has MDY: the month of 02/01/2024 is February */
  PG_WIRE_SESSION_DMY = 1 << 1, /* DateStyle has DMY */
  PG_WIRE_SESSION_UTC = 1 << 2, /* TimeZone is UTC, Etc/UTC or GMT: with a DateStyle other than ISO, UTC in a text is UTC */
};

/* The settings with which a text is the one that is made of the binary form: of all types that it does not name, it always is, as far as the server reports its
 * settings (it does not report extra_float_digits and bytea_output). */
enum
{
  PG_WIRE_PLAIN_DATES = 1 << 0,     /* DateStyle is ISO */
  PG_WIRE_PLAIN_INTERVALS = 1 << 1, /* IntervalStyle is postgres */
  PG_WIRE_PLAIN_ZONE = 1 << 2,      /* TimeZone is UTC or the like */
  PG_WIRE_PLAIN_NEVER = 1 << 7,     /* there are no such settings */
};

/* Which of them a type needs. */
typedef guint8 (*PgWirePlainFunc) (guint32 type, gconstpointer data);

G_END_DECLS
