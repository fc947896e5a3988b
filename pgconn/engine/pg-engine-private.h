/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include <pgconn/engine/pg-raw-result-private.h>
#include <pgconn/engine/pg-wire-params-private.h>
#include <pgconn/pg-enums.h>
#include <pgconn/pg-types.h>

G_BEGIN_DECLS

/* One connection to a server: libpq's, in non-blocking mode, and a queue of requests. The engine itself never waits: pg_engine_step() does
 * whatever can be done now, pg_engine_get_wait() says what to wait for, and one of two drivers does the waiting. All but the functions marked
 * "any thread" belong to the driver's thread.
 *
 *   PgConnection ------- pg_blocking_run() -----+
 *                                                +--> PgEngine --> libpq
 *   PgAsyncConnection -- pg_engine_source_new() -+
 */
typedef struct _PgEngine PgEngine;

/* One verb on its way: what to send, what to do with what comes back, and its outcome. */
typedef struct _PgRequest PgRequest;

/* The options of a connection that decide what its requests send; owned by the engine. The first four are changed by requests only, the others by any thread while
 * another drives. */
typedef struct
{
  _Atomic gboolean autocommit;
  _Atomic PgIsolationLevel isolation_level;
  _Atomic PgTristate read_only;
  _Atomic PgTristate deferrable;
  _Atomic gint prepare_threshold; /* executions before a statement is prepared; 0 always, -1 never */
  _Atomic gint prepared_max;      /* statements kept prepared; -1 unlimited */
  _Atomic guint timeout;          /* milliseconds for a call; 0 none */
  _Atomic guint cancel_timeout;   /* milliseconds for the server to answer a cancel request */
  _Atomic gboolean pipelining;    /* statements that wait in the queue go out together where they are independent */
  _Atomic gboolean fetch_types;   /* the cursors put a question to the server about types that they do not know */
} PgEngineOptions;

typedef enum
{
  PG_ENGINE_NEW,
  PG_ENGINE_CONNECTING,
  PG_ENGINE_OPEN,
  PG_ENGINE_BROKEN, /* lost */
  PG_ENGINE_CLOSED, /* closed by its user */
} PgEngineState;

PgEngine *pg_engine_new (void);
void pg_engine_free (PgEngine *self);
PgEngineOptions *pg_engine_get_options (PgEngine *self);

/* Any thread. */
PgEngineState pg_engine_get_state (PgEngine *self);
PgTransactionStatus pg_engine_get_transaction_status (PgEngine *self);
/* Changes when a transaction ends, and when one is rolled back to a savepoint. */
guint pg_engine_get_n_ends (PgEngine *self);
int pg_engine_get_server_version (PgEngine *self);
int pg_engine_get_backend_pid (PgEngine *self);
int pg_engine_get_fd (PgEngine *self);
char *pg_engine_dup_conninfo (PgEngine *self);
PgDiagnostic *pg_engine_dup_last_diagnostic (PgEngine *self);
/* Makes that of a request which has failed the last one. */
void pg_engine_note_failure (PgEngine *self, PgRequest *request);
GError *pg_engine_closed_error (PgEngine *self);

/* What the loaded libpq offers. */
typedef enum
{
  PG_CAN_CANCEL_SAFE,
  PG_CAN_STREAM_CHUNKED,
  PG_CAN_CLOSE_PREPARED,
  PG_CAN_USED_GSSAPI,
  PG_CAN_FULL_PROTOCOL_VERSION,
  PG_CAN_TLS,
} PgCan;

int pg_engine_get_libpq_version (void);
gboolean pg_engine_can (PgCan what);

/* --- requests ------------------------------------------------------------------------------------------------------------------- */

PgRequest *pg_request_ref (PgRequest *self);
void pg_request_unref (PgRequest *self);

void pg_request_set_data (PgRequest *self, gpointer data);
gpointer pg_request_get_data (PgRequest *self);
gboolean pg_request_is_done (PgRequest *self);

/* FALSE where the request failed; error may be NULL. */
gboolean pg_request_get_outcome (PgRequest *self, GError **error);
PgDiagnostic *pg_request_get_diagnostic (PgRequest *self);

/* NULL where it was opened, or tried, before: that fails. */
PgRequest *pg_request_open_new (const char *conninfo);
PgRequest *pg_request_commit_new (void);
PgRequest *pg_request_rollback_new (void);
PgRequest *pg_request_set_autocommit_new (gboolean value);
PgRequest *pg_request_set_isolation_level_new (PgIsolationLevel value);
PgRequest *pg_request_set_read_only_new (PgTristate value);
PgRequest *pg_request_set_deferrable_new (PgTristate value);

typedef enum
{
  PG_EXECUTE_SCRIPT = 1 << 0, /* several statements: only the simple protocol takes them */
  PG_EXECUTE_COPY = 1 << 1,   /* never in pipeline mode */
  PG_EXECUTE_EMPTY = 1 << 2,
  PG_EXECUTE_NO_BEGIN = 1 << 3, /* no transaction is begun for it */
  PG_EXECUTE_LASTING = 1 << 4,  /* what it makes does not outlast the transaction: refused where none is open, in autocommit mode */
  PG_EXECUTE_PLAIN = 1 << 5,   /* reads or changes rows, and nothing else */
  PG_EXECUTE_ALONE = 1 << 7,   /* what follows depends on what it does to the session or its transaction */
  PG_EXECUTE_STANDARD_STRINGS = 1 << 6, /* refused where standard_conforming_strings is off */
} PgExecuteFlags;

/* owner keeps sql alive; params may be NULL. */
PgRequest *pg_request_execute_new (const char *sql, gpointer owner, GDestroyNotify owner_free, PgExecuteFlags flags, PgWireParams *params, PgPrepare prepare,
                                   PgFormat format);
/* What PG_FORMAT_AUTO needs; without it that is text. */
void pg_request_execute_set_plain_func (PgRequest *self, PgWirePlainFunc func, gpointer data, GDestroyNotify data_free);
/* The same, where the columns are known beforehand: the settings that they need, PG_WIRE_PLAIN_*. */
void pg_request_execute_set_plain (PgRequest *self, guint8 plain);
/* Another statement that goes first, in the same round trip, and whose result does not matter. The owner keeps sql alive too; params may be NULL. Not for what
 * only the simple protocol takes. */
void pg_request_execute_set_prelude (PgRequest *self, const char *sql, PgWireParams *params);
/* The results, one for each statement, oldest first. */
guint pg_request_execute_get_n_results (PgRequest *self);
PgRawResult *pg_request_execute_get_result (PgRequest *self, guint index);

/* Who wants to see what the statement gives: called in the driver's thread, with each result. data is kept as long as the request. */
typedef void (*PgExecuteWatch) (PgRawResult *raw, gpointer data);
void pg_request_execute_set_watch (PgRequest *self, PgExecuteWatch watch, gpointer data, GDestroyNotify data_free);

/* A question that follows the statement where its results raise one, as pg_request_ask_new() would put it, in the same request. Its failure is none of the
 * statement's. ask is called in the driver's thread, when the results are there, and returns the parameters of sql, or NULL where there is nothing to
 * ask. */
typedef PgWireParams *(*PgExecuteAsk) (PgRequest *self, gpointer data);
void pg_request_execute_set_ask (PgRequest *self, const char *sql, PgExecuteAsk ask, gpointer data, GDestroyNotify destroy);
gpointer pg_request_execute_get_ask_data (PgRequest *self);
/* The result of the question; NULL where nothing was asked, or it has failed. */
PgRawResult *pg_request_execute_get_answer (PgRequest *self);

/* A statement of the library's own, which only reads: the transaction stays as it was. sql is static. The result is in text. */
PgRequest *pg_request_ask_new (const char *sql, PgWireParams *params);
/* NULL before it is there. */
PgRawResult *pg_request_ask_get_result (PgRequest *self);

/* The end of a server-side cursor or a descriptor, which is no error where there is none (any more), and nothing where it cannot be. params may be NULL.
 * hold: it may outlast its transaction. */
PgRequest *pg_request_end_new (const char *sql, PgWireParams *params, gboolean hold);
/* It is not known whether there is such a cursor. name: its name as the only parameter. */
void pg_request_end_set_check (PgRequest *self, PgWireParams *name);

/* Prepares a statement and asks what it is, in one round trip; where the connection prepares nothing it is only asked. owner keeps sql alive; types are copied,
 * 0 where the server is to find one. */
PgRequest *pg_request_prepare_new (const char *sql, gpointer owner, GDestroyNotify owner_free, guint n_types, const guint32 *types);
/* Its parameters and columns; NULL before it is there. */
PgRawResult *pg_request_prepare_get_description (PgRequest *self);
/* The end of it, also where others have prepared the same. */
PgRequest *pg_request_close_prepared_new (const char *sql, gpointer owner, GDestroyNotify owner_free, guint n_types, const guint32 *types);

/* --- streams -------------------------------------------------------------------------------------------------------------------- */

/* A statement that lasts for several calls: COPY, rows that are read while the server sends them, and others. Each call is a request of its own; all others fail, or, where
 * the end has been asked for, and in the last kind, wait for that. */
typedef struct _PgStream PgStream;

typedef enum
{
  PG_STREAM_NONE,
  PG_STREAM_COPY_IN,
  PG_STREAM_COPY_OUT,
  PG_STREAM_ROWS,
  PG_STREAM_MANY, /* see pg-request-many-private.h */
} PgStreamKind;

PgStream *pg_stream_ref (PgStream *self);
void pg_stream_unref (PgStream *self);
PgStreamKind pg_stream_get_kind (PgStream *self);
guint pg_stream_get_n_columns (PgStream *self);
gboolean pg_stream_is_binary (PgStream *self);
/* PG_WIRE_SESSION_* of the text in it, 0 where they are not known. */
guint8 pg_stream_get_session (PgStream *self);
/* Any thread. */
gboolean pg_stream_is_over (PgStream *self);
/* Of the whole statement; NULL before its end, and where it failed. */
PgRawResult *pg_stream_get_result (PgStream *self);

/* owner keeps sql alive. */
PgRequest *pg_request_copy_begin_new (const char *sql, gpointer owner, GDestroyNotify owner_free, PgStreamKind kind);
/* A question about the columns that goes before it, together with BEGIN where that is sent: what sql with params gives, or, where params is NULL, the columns that sql
 * would give. It leaves the transaction as it is, also where it fails; then there is no answer. sql is kept by the owner. */
void pg_request_copy_begin_set_question (PgRequest *self, const char *sql, PgWireParams *params);
PgRawResult *pg_request_copy_begin_get_answer (PgRequest *self);
/* Another one that the answer raises; as pg_request_execute_set_ask(). */
void pg_request_copy_begin_set_ask (PgRequest *self, const char *sql, PgExecuteAsk ask, gpointer data, GDestroyNotify destroy);
PgRawResult *pg_request_copy_begin_get_types (PgRequest *self);
gpointer pg_request_copy_begin_get_owner (PgRequest *self);
/* The stream that the former has begun, or that any of the others is a part of. */
PgStream *pg_request_get_stream (PgRequest *self);

/* As much as there is, up to size; waits for the first byte. Nothing at the end. The buffer is the caller's until the request is done. */
PgRequest *pg_request_copy_read_new (PgStream *stream, gpointer buffer, gsize size);
/* The same without the wait: what is there, which may be nothing. */
PgRequest *pg_request_copy_peek_new (PgStream *stream, gpointer buffer, gsize size);
gsize pg_request_copy_read_get_length (PgRequest *self);
/* All of it; flush: until the socket has taken it. The data are the caller's until the request is done. */
PgRequest *pg_request_copy_write_new (PgStream *stream, gconstpointer data, gsize size, gboolean flush);
/* The end: with a reason nothing is loaded. Data that has not been read is dropped. */
PgRequest *pg_request_copy_end_new (PgStream *stream, const char *reason);

/* Has an execute() begin a stream of its rows: chunk_size at a time, less only in the last chunk. pg_request_get_stream() is the stream when it is done. FALSE
 * where the statement cannot have one. */
gboolean pg_request_execute_set_chunk_size (PgRequest *self, guint chunk_size, GError **error);
/* The next chunk; none at the end. */
PgRequest *pg_request_stream_next_new (PgStream *stream);
PgRawResult *pg_request_stream_next_get_chunk (PgRequest *self);
/* The end: rows that have not been read are dropped, and where they are many the statement is stopped. In a transaction that was in order it is so afterwards. */
PgRequest *pg_request_stream_end_new (PgStream *stream);
/* A result without rows that has the columns. */
PgRawResult *pg_stream_get_head (PgStream *self);
/* Of the whole statement; −1 before its end, and where it did not come to that. */
gint64 pg_stream_get_n_rows (PgStream *self);
/* NULL before the end. */
const char *pg_stream_get_command_tag (PgStream *self);

/* Any thread: whether a stream is open. */
gboolean pg_engine_is_streaming (PgEngine *self);
/* The same: the error of a call that is no part of it. */
GError *pg_engine_streaming_error (PgEngine *self);

/* --- pipelines ------------------------------------------------------------------------------------------------------------------ */

/* Each of them ends with a Sync what is on its way, and fails with the first error in that. Pipelines may be in each other; open is whether this one is, atomic, and
 * belongs to a GAtomicRcBox. */
PgRequest *pg_request_pipeline_begin_new (gint *open);
PgRequest *pg_request_pipeline_sync_new (gint *open);
PgRequest *pg_request_pipeline_end_new (gint *open);
/* Any thread. */
PgPipelineStatus pg_engine_get_pipeline_status (PgEngine *self);
/* What the driver waits for; NULL: only for the sending. One that never says it always waits for everything. */
void pg_engine_await (PgEngine *self, PgRequest *request);
/* A cancel request is on its way, in a pipeline. */
gboolean pg_engine_is_stopping (PgEngine *self);
/* It is on its way in a pipeline, and what follows it may be too; or would be, had an earlier one not failed. */
gboolean pg_engine_has_sent (PgEngine *self, PgRequest *request);

/* --- driving -------------------------------------------------------------------------------------------------------------------- */

typedef enum
{
  PG_READY_NONE = 0,
  PG_READY_SOCKET = 1 << 0, /* the first descriptor of the wait is readable, writable or in error */
} PgReady;

typedef struct
{
  struct
  {
    int fd;
    GIOCondition condition;
  } fds[2];
  guint n_fds;
  gint64 deadline; /* monotonic microseconds, -1 none */
} PgWait;

/* Starts the clock of a request that is about to be submitted: its deadline in monotonic microseconds, -1 none. Without it the clock starts with
 * pg_engine_submit(). */
gint64 pg_engine_set_deadline (PgEngine *self, PgRequest *request);
void pg_request_set_deadline (PgRequest *self, gint64 deadline);
/* When a call that begins now has to be over; -1: at no time. */
gint64 pg_engine_make_deadline (PgEngine *self);
/* Done in any case: what can be cancelled is only the waiting. */
gboolean pg_request_is_unstoppable (PgRequest *self);
void pg_engine_submit (PgEngine *self, PgRequest *request);
/* Whether a request that was submitted may soon be followed by others that can go out with it: it is better sent a moment later. */
gboolean pg_engine_is_gathering (PgEngine *self, PgRequest *request);
void pg_engine_step (PgEngine *self, PgReady ready);
void pg_engine_get_wait (PgEngine *self, PgWait *wait);

/* A request that has ended, or NULL; transfer full. */
PgRequest *pg_engine_pop_completed (PgEngine *self);

/* Whether there are completed requests or events to be taken. */
gboolean pg_engine_has_news (PgEngine *self);

/* Stops a request: one that waits in the queue never starts, the running one is cancelled on the server. */
void pg_engine_cancel (PgEngine *self, PgRequest *request);

/* Ends everything at once, without waiting for the server. */
void pg_engine_close (PgEngine *self);

/* Any thread: asks that whatever runs now, or the statement of the open stream, be cancelled on the server (it then fails as a statement cancelled by the server, 57014), or that the
 * connection be closed; the driver has to be woken to see it. Those that were sent together run together. The first returns the serial of the last of the requests that it
 * hit, or of the stream, 0 where there is none. */
guint pg_engine_ask_cancel (PgEngine *self);
/* The same, and a statement that withstands costs the connection after cancel-timeout. */
guint pg_engine_ask_stop (PgEngine *self);
void pg_engine_ask_close (PgEngine *self);
gboolean pg_engine_is_asked (PgEngine *self);
/* Between two calls of a stream, which was asked for its end: the server has been told, or could not be. The statement ends with the next call. */
gboolean pg_engine_is_told (PgEngine *self);
gboolean pg_engine_is_asked_to_close (PgEngine *self);
guint pg_engine_get_serial (PgEngine *self);
/* The same: whether any of those up to that serial is being executed. */
gboolean pg_engine_is_executing (PgEngine *self, guint last);

/* --- events --------------------------------------------------------------------------------------------------------------------- */

typedef enum
{
  PG_EVENT_NOTICE,
  PG_EVENT_NOTIFICATION,
  PG_EVENT_DISCONNECTED,
} PgEventType;

typedef struct
{
  PgEventType type;
  PgDiagnostic *diagnostic;
  char *channel;
  char *payload;
  int pid;
  GError *error;
} PgEvent;

/* Any thread. */
PgEvent *pg_engine_pop_event (PgEngine *self);
void pg_event_free (PgEvent *event);

/* --- the two drivers -------------------------------------------------------------------------------------------------------------- */

typedef struct _PgBlocking PgBlocking;

PgBlocking *pg_blocking_new (PgEngine *engine);
void pg_blocking_free (PgBlocking *self);

/* Runs request to its end in the calling thread; other threads wait for their turn. */
gboolean pg_blocking_run (PgBlocking *self, PgRequest *request, GCancellable *cancellable, GError **error);
/* The same, but in a pipeline, where it can be, it is only sent: then sent_only, and its outcome comes with the wait. */
gboolean pg_blocking_send (PgBlocking *self, PgRequest *request, gboolean *sent_only, GCancellable *cancellable, GError **error);
/* Runs one that was sent so to its end. */
gboolean pg_blocking_wait (PgBlocking *self, PgRequest *request, GCancellable *cancellable, GError **error);
/* Until the next call, which may be with NULL, the calling thread does what is a call of another one's. */
void pg_blocking_work_for (GThread *thread);
/* The calling thread, or the one that it works for. */
GThread *pg_blocking_get_caller (void);
/* It has made a call of the open stream that needed no turn. */
void pg_blocking_note_caller (PgBlocking *self);
/* Takes what has arrived, if nobody runs a request. */
void pg_blocking_poll (PgBlocking *self);
void pg_blocking_close (PgBlocking *self);
/* Waits until the statement that runs now has ended. */
gboolean pg_blocking_cancel (PgBlocking *self, gint64 deadline, GCancellable *cancellable, GError **error);
/* The serial of the request it hit, 0 where none runs. */
guint pg_blocking_cancel_nowait (PgBlocking *self);
/* Watches for input while idle; NULL to stop. */
void pg_blocking_attach (PgBlocking *self, GMainContext *context, GSourceFunc func, gpointer data, GDestroyNotify destroy);

/* Its callback is called when the engine can go on. */
GSource *pg_engine_source_new (PgEngine *engine);
PgReady pg_engine_source_get_ready (GSource *source);
/* After every step. */
void pg_engine_source_update (GSource *source);
/* Any thread. */
void pg_engine_source_wake (GSource *source);
/* Whether it was woken in the dispatch that goes on, which is not needed any more then. */
gboolean pg_engine_source_take_woken (GSource *source);
/* The engine is about to be freed. */
void pg_engine_source_detach (GSource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgRequest, pg_request_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgStream, pg_stream_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgEvent, pg_event_free)

G_END_DECLS
