/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pg-test-session.h"

G_BEGIN_DECLS

/* A connection of either class, a pipeline of it, and the calls that were made without waiting, which are known by their index. */
typedef struct
{
  PgTestSession session;
  gboolean blocking;
  PgBaseConnection *connection;
  PgBasePipeline *pipeline;
  GPtrArray *calls;
} PgTestPipeline;

typedef enum
{
  PG_TEST_PIPELINE_BEGIN,
  PG_TEST_PIPELINE_SYNC,
  PG_TEST_PIPELINE_END,
} PgTestPipelineVerb;

/* With an empty table t, whose i is its key; driver is a PgTestDriver. FALSE when the test has been skipped. */
gboolean pg_test_pipeline_open (PgTestPipeline *self, gconstpointer driver, gboolean autocommit);
void pg_test_pipeline_clear (PgTestPipeline *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PgTestPipeline, pg_test_pipeline_clear)

/* Another one. */
PgBasePipeline *pg_test_pipeline_new (PgTestPipeline *self);

gboolean pg_test_pipeline_verb (PgTestPipeline *self, PgBasePipeline *pipeline, PgTestPipelineVerb what, GCancellable *cancellable, GError **error);
void pg_test_pipeline_verb_ok (PgTestPipeline *self, PgTestPipelineVerb what);
void pg_test_pipeline_verb_fails (PgTestPipeline *self, PgTestPipelineVerb what, GQuark domain, int code);

/* params may be floating. */
guint pg_test_pipeline_start (PgTestPipeline *self, const char *sql);
/* May fail, also at once. */
void pg_test_pipeline_start_any (PgTestPipeline *self, const char *sql, GVariant *params);
guint pg_test_pipeline_start_with (PgTestPipeline *self, const char *sql, GVariant *params, GCancellable *cancellable);

/* Waits for the result: a new reference, or NULL with an error. */
PgBaseCursor *pg_test_pipeline_finish_with (PgTestPipeline *self, guint index, GCancellable *cancellable, GError **error);
void pg_test_pipeline_assert_value (PgTestPipeline *self, guint index, gint64 value);
void pg_test_pipeline_assert_done (PgTestPipeline *self, guint index);
void pg_test_pipeline_assert_fails (PgTestPipeline *self, guint index, int code);

/* How many rows of t others see. */
void pg_test_pipeline_assert_count (PgTestPipeline *self, gint64 n);
PgTransactionStatus pg_test_pipeline_transaction_status (PgTestPipeline *self);
/* Since the last time. */
guint pg_test_pipeline_round_trips (PgTestPipeline *self);
guint pg_test_pipeline_syncs (PgTestPipeline *self);
/* Rolled back, and in autocommit mode. */
void pg_test_pipeline_assert_usable (PgTestPipeline *self);

G_END_DECLS
