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

G_END_DECLS
