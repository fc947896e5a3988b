/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <string.h>

/* With which settings of the session a result's texts were made. See "Client Connection Defaults" in the chapter "Server Configuration" of the
 * PostgreSQL manual, and there for EncodeDateTime() what each DateStyle prints.
 *
 * The server reports the settings when they change. Since version 14 it does so once for all that a round trip has changed, when that is over, and not
 * at all what is as before then: of what comes in between it is only known that the settings were the same before and after. */

static gboolean
is_utc (const char *zone)
{
  static const char *const names[] = { "UTC", "Etc/UTC", "GMT", "Etc/GMT", "UCT", "Etc/UCT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal",
                                       "Greenwich", "Etc/Greenwich", "GMT0", "Etc/GMT0", "GMT+0", "GMT-0" };

  for (guint i = 0; zone != NULL && i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (zone, names[i]) == 0)
      return TRUE;
  return FALSE;
}

static guint8
read_session (PGconn *conn)
{
  const char *style = PQparameterStatus (conn, "DateStyle");
  guint8 session = 0;

  /* ISO is read without. A text of another style is then from a moment that nobody knows of, and so must its order be. */
  if (style == NULL || g_str_has_prefix (style, "ISO"))
    return 0;
  /* With YMD, which none of them has, the month is first. */
  if (g_str_has_suffix (style, ", DMY"))
    session = PG_WIRE_SESSION_DMY;
  else if (g_str_has_suffix (style, ", MDY") || g_str_has_suffix (style, ", YMD"))
    session = PG_WIRE_SESSION_MDY;
  if (is_utc (PQparameterStatus (conn, "TimeZone")))
    session |= PG_WIRE_SESSION_UTC;
  return session;
}

void
pg_engine_expect_text (PgEngine *self)
{
  if (!self->session_known)
    self->session = read_session (self->conn);
  self->session_known = self->expects_text = TRUE;
}

void
pg_engine_take_session (PgEngine *self)
{
  /* libpq looks for a setting through all that it knows of, which takes longer than anything else here. */
  if (self->expects_text)
    self->session = read_session (self->conn);
  self->session_known = self->expects_text;
  self->unsettled = FALSE;
}

guint8
pg_engine_get_plain (PgEngine *self)
{
  const char *date_style = PQparameterStatus (self->conn, "DateStyle");
  guint8 plain = 0;

  if (date_style != NULL && g_str_has_prefix (date_style, "ISO"))
    plain |= PG_WIRE_PLAIN_DATES;
  if (g_strcmp0 (PQparameterStatus (self->conn, "IntervalStyle"), "postgres") == 0)
    plain |= PG_WIRE_PLAIN_INTERVALS;
  if (is_utc (PQparameterStatus (self->conn, "TimeZone")))
    plain |= PG_WIRE_PLAIN_ZONE;
  return plain;
}

/* A command after which the settings may be others, and the next round trip's as before. */
static gboolean
tag_may_set (const char *tag)
{
  static const char *const tags[] = { "SET", "RESET", "DISCARD ALL", "DO", "CALL" };

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    if (strcmp (tag, tags[i]) == 0)
      return TRUE;
  return FALSE;
}

void
pg_engine_mark_session (PgEngine *self, PgRawResult *raw)
{
  if (!self->session_known || self->session == 0)
    return;
  /* In a pipeline nobody knows what those before it have set. */
  if (!self->unsettled && !self->section.open)
    pg_raw_result_set_session (raw, self->session);
  self->unsettled = self->unsettled || tag_may_set (pg_raw_result_get_command_tag (raw));
}

void
pg_engine_confirm_session (PgEngine *self, PgRawResult *raw)
{
  pg_raw_result_set_session (raw, pg_raw_result_get_session (raw) & self->session);
}
