/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define PG_BENCH_TYPE_WATCH (pg_bench_watch_get_type ())
G_DECLARE_FINAL_TYPE (PgBenchWatch, pg_bench_watch, PG_BENCH, WATCH, GObject)

PgBenchWatch *pg_bench_watch_new (void);
void pg_bench_watch_start (PgBenchWatch *self);
void pg_bench_watch_stop (PgBenchWatch *self);
char *pg_bench_watch_dup_report (PgBenchWatch *self);

gint64 pg_bench_get_size (void);

G_END_DECLS
