/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Of a statement's text, eight bytes at a time: g_str_hash() takes as long for one of some lines as all else that is done to find it. */
static inline guint
pg_hash_text (const char *text, gsize length, guint seed)
{
  const guint64 factor = G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  guint64 hash = length * 2 + seed;
  guint64 word;

  while (length >= sizeof word)
    {
      memcpy (&word, text, sizeof word);
      hash = (hash ^ word) * factor;
      hash ^= hash >> 32;
      text += sizeof word;
      length -= sizeof word;
    }
  word = 0;
  memcpy (&word, text, length);
  hash = (hash ^ word) * factor;
  return (guint) (hash ^ (hash >> 32));
}

G_END_DECLS
