/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pg-test-random.h"

G_BEGIN_DECLS

guint64 rand_bits (void);

/* Of any size, the limits and what is beside them more often than by chance; from to up to it. */
gint64 rand_between (gint64 from, gint64 to);

void append_int2 (GString *text);
void append_int4 (GString *text);
void append_int8 (GString *text);
void append_oid (GString *text);
void append_float8 (GString *text);
void append_point (GString *text);
void append_lseg (GString *text);
void append_box (GString *text);
void append_path (GString *text);
void append_polygon (GString *text);
void append_line (GString *text);
void append_circle (GString *text);
void append_tid (GString *text);
void append_lsn (GString *text);
void append_snapshot (GString *text);
void append_int2vector (GString *text);
void append_oidvector (GString *text);
void append_lexeme (GString *text);
void append_tsvector (GString *text);
void append_tsquery (GString *text);
void append_jsonpath (GString *text);
void append_json (GString *text);
void append_xml (GString *text);
void append_name (GString *text);
void append_text (GString *text);
void append_numeric (GString *text);
void append_timestamptz (GString *text);
void append_int4range (GString *text);
void append_int8range (GString *text);
void append_numrange (GString *text);
void append_daterange (GString *text);
void append_tsrange (GString *text);
void append_mood (GString *text);
void append_textrange (GString *text);
void append_composite (GString *text);
void append_hstore (GString *text);
void append_nested (GString *text);

G_END_DECLS
