/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/engine/pg-engine-private.h>
#include <pgconn/engine/pg-libpq-private.h>
#include <pgconn/error/pg-error-private.h>

G_BEGIN_DECLS

/* The inside of the engine, shared by its files. */

typedef struct _PgConnect PgConnect;
typedef struct _PgStatements PgStatements;
typedef struct _PgWorker PgWorker;

typedef enum
{
  PG_STEP_SENT,  /* a round trip is on its way; call again when it is over */
  PG_STEP_LAST,  /* the same, and nothing follows it */
  PG_STEP_DONE,  /* nothing to send */
  PG_STEP_ERROR,
} PgStep;

typedef enum
{
  PG_STREAM_WAIT, /* for the socket */
  PG_STREAM_DONE, /* the request is over, the stream goes on */
  PG_STREAM_END,  /* so is the stream: what is left are the results of its statement */
} PgStreamStep;

typedef struct
{
  const char *name;
  gsize size;
  /* Sends the next round trip. */
  PgStep (*step) (PgRequest *self, PgEngine *engine, GError **error);
  /* A result that is no error, of the message sent with this tag; transfer none. FALSE with error fails the request. */
  gboolean (*result) (PgRequest *self, PgEngine *engine, guint tag, PgRawResult *raw, GError **error);
  /* The server's error for the message: TRUE where it is none for the request. May be NULL. */
  gboolean (*failed) (PgRequest *self, PgEngine *engine, guint tag, const GError *error);
  /* Everything sent is answered. May be NULL. */
  void (*answered) (PgRequest *self, PgEngine *engine);
  /* The server skipped the message because an earlier one of the pipeline failed. May be NULL. */
  void (*skipped) (PgRequest *self, PgEngine *engine, guint tag);
  /* Asked when a trip has failed: TRUE to go on with step() as if it had not. May be NULL. */
  gboolean (*retry) (PgRequest *self, PgEngine *engine);
  /* Asked when the last trip has succeeded: TRUE to go on with step() for what is no part of it. The request has succeeded whatever becomes of that. May be
   * NULL. */
  gboolean (*more) (PgRequest *self, PgEngine *engine);
  /* Asked after each trip, also where the request has failed or was stopped, when no cancel request can strike any more: TRUE to go on with step() for what puts
   * the transaction in order. That is not cancelled, and changes nothing of what has become of the request. May be NULL. */
  gboolean (*mend) (PgRequest *self, PgEngine *engine);
  /* client_encoding was another one when it was answered, and, with sent, already when the server has read it: fails it where that matters. May be NULL. */
  void (*misread) (PgRequest *self, PgEngine *engine, gboolean sent);
  /* Whether it may go out in one round trip with others that are independent of it: one step, in which nothing of the session changes. NULL: never. */
  gboolean (*joins) (PgRequest *self);
  /* Whether it may be sent, in one step, before those before it are answered, in a pipeline of the user's. NULL: never. */
  gboolean (*pipelines) (PgRequest *self);
  /* Instead of step(): does what can be done now; TRUE when the request is over, its error set where it failed. */
  gboolean (*poll) (PgRequest *self, PgEngine *engine);
  void (*finalize) (PgRequest *self);
  /* Called while a stream is open: for the requests that begin one, and for those that are a part of it, whose stream pg_request_get_stream() gives. */
  PgStreamStep (*stream) (PgRequest *self, PgEngine *engine, PgStream *stream);
  /* Somebody has stopped it in its stream: sends what ends that. NULL for a COPY. */
  void (*stop) (PgRequest *self, PgEngine *engine);
  /* Which streams it begins; the others are refused. */
  PgStreamKind begins;
  /* The end of its stream: what comes behind it waits for that. */
  gboolean ends_stream;
  /* In a pipeline: it ends with a Sync. */
  gboolean ends_section;
  /* The same: also after an error. */
  gboolean recovers;
  /* Done in any case: what is cancelled, or has timed out, is only the waiting. */
  gboolean unstoppable;
  /* Connection lost while it ran: nobody knows what the server did. */
  gboolean outcome_matters;
} PgRequestClass;

typedef enum
{
  PG_ABORT_NONE,
  PG_ABORT_CANCELLED, /* its GCancellable */
  PG_ABORT_TIMED_OUT, /* its deadline */
  PG_ABORT_ASKED,     /* cancel(): the server's own error stands */
} PgAbort;

/* What one that was answered in a group goes on with. */
typedef enum
{
  PG_RESUME_NONE,
  PG_RESUME_SETTLE, /* as if it had just been answered alone */
  PG_RESUME_MORE,
  PG_RESUME_RETRY,  /* where nothing that comes after it has been done */
  PG_RESUME_AGAIN,  /* the cancel request of another has hit it */
} PgResume;

struct _PgRequest
{
  gatomicrefcount ref_count;
  const PgRequestClass *klass;
  guint serial;
  GList link; /* in the engine's queue, then among the completed */
  gboolean queued;
  gint done; /* atomic: a cursor may look at it while another thread drives */
  gboolean last_trip;
  gboolean taken;    /* answered() was called for the trip */
  gboolean internal; /* nobody waits for it */
  gboolean following; /* others are running before it, in a pipeline */
  gboolean refused;  /* not sent in a pipeline that had failed: as if the server had skipped it */
  PgResume resume;
  gboolean complete; /* the server has done it: what goes wrong after that is no failure of it */
  gint64 deadline;
  PgAbort abort;
  PgAbort bereft; /* the end of a pipeline: why something of that was not sent */
  GError *error;
  PgStream *stream; /* that it is a part of */
  gboolean dropped; /* rows that it should have had */
  gpointer data;
};

typedef enum
{
  PG_CANCEL_OFF,
  PG_CANCEL_UNSENT,  /* until the statement itself is out, the server would ignore it */
  PG_CANCEL_SENDING, /* until the server has closed the cancel request's own connection, it may still strike */
  PG_CANCEL_SENT,    /* asked again if nothing happens: a server that was still reading has ignored it */
  PG_CANCEL_FENCE,   /* over, but a round trip of the engine's own has the rest of its time */
} PgCancelPhase;

typedef struct
{
  PgCancelPhase phase;
  guint serial;       /* of the request that it is for */
  gboolean used;      /* at least one request went out */
  gpointer conn;      /* libpq 17: a PGcancelConn */
  GIOCondition condition;
  PgWorker *worker;   /* before: PQcancel() in a thread */
  gint64 deadline;
  gint64 again;
  gint64 interval;
  guint n_attempts;
  gboolean bounded;   /* a statement that withstands is not waited for */
} PgCancel;

/* Tags of the engine's own messages; a request's are below. */
#define PG_TAG_SYNC 250
#define PG_TAG_BARRIER 251
/* The Sync at the end of a member of a group. */
#define PG_TAG_END 252
/* No message: all of a member of a pipeline is before it. */
#define PG_TAG_MEMBER 253

/* What is sent between two Syncs in a pipeline of the user's. */
typedef struct
{
  guint level; /* of pipelines in each other; 0: there is none */
  gboolean open;
  gboolean ending;         /* the Sync is sent */
  gboolean in_transaction; /* at the end of what is sent */
  gboolean patient;        /* nobody waits for the answers */
  gboolean bereft;         /* cancel() has ended what was to be sent next: the rest must not be committed without it */
  guint n_unasked;         /* sent since the server was asked for them */
  gsize unflushed;         /* bytes, about */
  PgRequest *awaited;      /* by the blocking driver */
  GError *error;           /* the first one since the user's last Sync */
  gint status;             /* PgPipelineStatus, atomic */
} PgSection;

struct _PgEngine
{
  PGconn *conn;
  gboolean is_openssl;     /* bytes may wait in it */
  gboolean is_gss;         /* the same, in libpq's buffer for it */
  gint state;              /* PgEngineState, atomic */
  gint transaction_status; /* atomic */
  gint n_ends;             /* of transactions and of parts of them; atomic */
  gint server_version;     /* atomic */
  gint backend_pid;        /* atomic */
  gint fd;                 /* atomic */
  gint serial;             /* of the running request, 0 none; atomic */
  gint last_serial;        /* that was given; atomic */
  gint last_meant;         /* serial of the last one that cancel() means outside of a pipeline, with those before it; atomic */
  gint asked_cancel;       /* the same, when it was called; atomic */
  gint asked_stop;         /* the same, by one who does not wait beyond cancel-timeout; atomic */
  gint asked_close;        /* atomic */
  PgEngineOptions options;

  GQueue queue;
  gint64 queue_deadline; /* none in the queue is earlier; -1 none */
  PgRequest *current;
  GQueue following;  /* sent together with current */
  GQueue unfinished; /* answered together with others, and not over */
  GQueue completed;

  gboolean grouping;       /* the members of a group are being sent */
  gboolean group_prepares; /* one of them is prepared */
  guint n_group_ends;

  PgSection section;

  gboolean in_trip;
  gboolean pipeline;
  gboolean barrier;  /* the round trip is the engine's own */
  gboolean restored; /* client_encoding */
  gboolean is_other_encoding; /* since a request of the group */
  gboolean mending;  /* the round trip puts the transaction in order */
  int encoding;      /* libpq's number for UTF-8 */
  guint8 session;      /* PG_WIRE_SESSION_* at the end of the last round trip, where session_known */
  gboolean session_known;
  gboolean expects_text; /* in answer to the round trip */
  gboolean unsettled;  /* it may have changed since */
  gboolean copy_out; /* data of a COPY that nobody wants */
  gboolean want_write;
  gboolean has_read; /* in this step */
  gboolean answered; /* the message at sent_head has had a result */
  guint8 *sent; /* tags of what is not answered yet: a ring */
  guint sent_room;
  guint sent_head;
  guint n_sent;

  PgStream *stream; /* open */
  gint streaming;   /* its PgStreamKind, until the end of its data; atomic */
  guint rows_tag;   /* of the message whose rows come by and by */
  guint rows_size;  /* that many at a time; 0 none */
  gboolean rows_set;
  PgCancel cancel;
  PgConnect *connect;
  PgStatements *statements;

  GMutex lock; /* what follows */
  GQueue events;
  guint n_notices;
  char *conninfo;
  PgDiagnostic *last_diagnostic;
  PgDiagnostic *last_fatal;
  char *last_words; /* libpq's, when it saw the end of the connection */
  GError *pipeline_loss; /* why the connection was lost, for the calls of a pipeline that was open and is not ended yet */
  int owner; /* process ID */
};

/* pg-engine.c */
void pg_engine_set_state (PgEngine *self, PgEngineState state);
/* What the calls on a connection that is lost fail with; NULL for that it is closed. */
void pg_engine_set_pipeline_loss (PgEngine *self, const GError *reason);

/* pg-engine-events.c */
void pg_engine_push_event (PgEngine *self, PgEvent *event);
void pg_engine_notice_receiver (void *arg, const PGresult *result);
void pg_engine_take_notifications (PgEngine *self);
gboolean pg_diagnostic_is_fatal (PgDiagnostic *diagnostic);
/* Keeps the server's last words, if that is what they are. */
void pg_engine_take_fatal (PgEngine *self, PgDiagnostic *diagnostic);

/* pg-engine-request.c */
gpointer pg_request_alloc (const PgRequestClass *klass);
/* One that belongs to a stream. */
gpointer pg_request_alloc_part (const PgRequestClass *klass, PgStream *stream);
/* Takes error; the first one stays. */
void pg_request_fail (PgRequest *self, GError *error);
/* The connection is lost while it is on its way, or before. What the server has completed is no failure. */
void pg_request_fail_lost (PgRequest *self, const GError *reason);

/* pg-engine-queue.c */
PgRequest *pg_engine_next_request (PgEngine *self);
void pg_engine_end_current (PgEngine *self);
/* Nothing runs: what cancel() may mean is what is there still. */
void pg_engine_publish_idle (PgEngine *self);
void pg_engine_time_out_queue (PgEngine *self);
void pg_engine_update_transaction_status (PgEngine *self);
/* Takes error; NULL for libpq's own words. */
void pg_engine_lost (PgEngine *self, GError *error);
/* Stops the running request at the server. */
void pg_engine_abort_current (PgEngine *self, PgAbort abort);
/* One that is in no queue any more is over; current may be another. */
void pg_engine_end_request (PgEngine *self, PgRequest *request);
/* The error of a request that was stopped, and of one that was not alone. */
GError *pg_engine_abort_error (PgAbort abort);
GError *pg_request_abort_error (PgRequest *self);
/* Of two points in time, of which either may be −1 for none. */
void pg_earlier (gint64 *deadline, gint64 other);

/* pg-engine-trip.c: one round trip. Each message's tag comes back with its results. It is sent as a whole, or, as a stream's, while the first answers
 * come. */
gboolean pg_trip_begin (PgEngine *self, gboolean pipeline, GError **error);
gboolean pg_trip_query (PgEngine *self, guint tag, const char *sql, GError **error);
gboolean pg_trip_params (PgEngine *self, guint tag, const char *sql, PgWireParams *params, PgFormat format, GError **error);
gboolean pg_trip_prepare (PgEngine *self, guint tag, const char *name, const char *sql, PgWireParams *params, GError **error);
gboolean pg_trip_prepared (PgEngine *self, guint tag, const char *name, PgWireParams *params, PgFormat format, GError **error);
gboolean pg_trip_describe (PgEngine *self, guint tag, const char *name, GError **error);
gboolean pg_trip_close_prepared (PgEngine *self, guint tag, const char *name, GError **error);
/* Errors before it skip nothing after it; the same round trip. */
gboolean pg_trip_sync (PgEngine *self, GError **error);
/* All of a member of a pipeline is sent. */
void pg_trip_mark_member (PgEngine *self);
/* The rows of a message that was sent are to come size at a time. */
void pg_trip_set_rows (PgEngine *self, guint tag, guint size);
/* Also after one of the above has failed. */
gboolean pg_trip_end (PgEngine *self, GError **error);
/* Reads all that has come. FALSE where the connection fails. */
gboolean pg_trip_consume (PgEngine *self);
/* TRUE when every message is answered: the trip is over. */
gboolean pg_trip_receive (PgEngine *self);
/* Takes the answers that are here and goes on: more will be sent. FALSE where the connection is lost, and the request with it. */
gboolean pg_trip_receive_some (PgEngine *self);
/* Forgets what was sent. */
void pg_trip_clear (PgEngine *self);
/* Nothing of it is left to be sent. */
gboolean pg_trip_flush (PgEngine *self);

/* pg-engine-group.c: requests that go out together. */
/* Makes it the running request. */
void pg_engine_set_running (PgEngine *self, PgRequest *request);
/* Sends the running request with those that wait behind it; FALSE where it goes alone. */
gboolean pg_group_send (PgEngine *self);
/* The last answer of the running request has come: the next one is running, or none. */
void pg_group_answered (PgEngine *self);
/* Goes on with one that is not over; FALSE where there is none. */
gboolean pg_group_resume (PgEngine *self);
/* The connection is gone. */
void pg_group_fail_unfinished (PgEngine *self, const GError *reason);
void pg_group_fail_following (PgEngine *self, const GError *reason);

/* pg-engine-pipeline.c: pipelines of the user's. */
/* A Sync of the engine's own; undo: of what it would commit. */
PgRequest *pg_request_pipeline_own_new (gboolean undo);
/* Whether no transaction will be open where the next statement is executed. */
gboolean pg_engine_is_idle (PgEngine *self);
/* Sends what can go. */
void pg_section_send (PgEngine *self);
/* The server is to answer what it has executed, also where nobody waits for that. */
void pg_section_ask (PgEngine *self);
/* The last answer of the running request has come: the next one is running, or none. */
void pg_section_answered (PgEngine *self);
/* The Sync is answered. */
void pg_section_closed (PgEngine *self);
/* The connection is gone. */
void pg_section_lost (PgEngine *self);
/* cancel() has ended some that were not sent, and would be now. */
void pg_section_bereave (PgEngine *self);
/* Where they were in the queue. */
PgRequest *pg_request_gap_new (void);
gboolean pg_section_is_gap (PgRequest *request);
/* What somebody waits for, behind the running request; or NULL. */
PgRequest *pg_section_get_awaited (PgEngine *self);
/* Stops it, and what is before it. */
void pg_section_interrupt (PgEngine *self, PgRequest *request, PgAbort abort);
/* Stops the running request, and what was sent with it. */
void pg_section_stop (PgEngine *self, PgAbort abort);
void pg_section_set_level (PgEngine *self, guint level);
void pg_section_note_error (PgEngine *self, const GError *error);
/* Full; NULL where there is none. */
GError *pg_section_take_error (PgEngine *self);
/* client_encoding is found to be another one. */
void pg_section_fail_misread (PgEngine *self, PgRequest *request);
/* Of what the server has skipped, or has never got. */
GError *pg_section_aborted_error (PgEngine *self);

/* pg-engine-encoding.c: all text of the library is UTF-8. */
/* A statement has changed client_encoding, itself or in a function. */
gboolean pg_engine_encoding_was_changed (PgEngine *self);
/* The running request is answered: it fails where its text cannot be trusted. TRUE where the encoding has to be set back. */
gboolean pg_engine_take_encoding (PgEngine *self);
/* For misread(): FALSE where the request has failed. */
gboolean pg_encoding_check_sent (PgRequest *request, const char *sql, PgWireParams *params);
gboolean pg_encoding_check_result (PgRequest *request, PgRawResult *raw);
/* The same at the end of one whose data have come and gone by and by, and are not here any more. */
void pg_encoding_fail (PgRequest *request);

/* pg-engine-session.c */
/* What is sent next is answered in text: the session's settings before that are needed, and those after it. */
void pg_engine_expect_text (PgEngine *self);
/* The server has said all that it has to say: take what the session's settings are now. */
void pg_engine_take_session (PgEngine *self);
/* PG_WIRE_PLAIN_* of those settings. */
guint8 pg_engine_get_plain (PgEngine *self);
/* A result has come. */
void pg_engine_mark_session (PgEngine *self, PgRawResult *raw);
/* The round trip that it came with is over: where the settings have changed meanwhile nobody knows which of them it was sent with. */
void pg_engine_confirm_session (PgEngine *self, PgRawResult *raw);

/* pg-request-ask.c: one round trip for a statement that leaves the transaction as it was, and another that makes it so where the statement has failed in it. */
#define PG_ASK_SAVEPOINT "_pgconn_ask"
gboolean pg_ask_send (PgEngine *engine, guint savepoint_tag, guint tag, const char *sql, PgWireParams *params, GError **error);
gboolean pg_ask_undo (PgEngine *engine, guint savepoint_tag, GError **error);

/* pg-engine-stream.c */
struct _PgStream
{
  gatomicrefcount ref_count;
  PgStreamKind kind;
  guint n_columns;
  gboolean binary;
  guint8 session;
  guint serial; /* of the request that has begun it, and of its parts */
  gboolean cancelled; /* cancel(), between two of its calls */
  gint over; /* atomic */
  GError *error;
  PgRawResult *result; /* of the whole statement, at its end */

  char *block; /* what is left of the last one that came; libpq's */
  gsize block_length;
  gsize block_position;
  gsize unflushed;

  PgRequest *origin;   /* which has sent the statement: what comes after the rows is its */
  gboolean guarded;    /* by a savepoint */
  guint chunk_size;
  PgRawResult *head;   /* the columns */
  PgRawResult *chunk;  /* being filled */
  gboolean dropped;    /* what was left of the rows was thrown away */
  gboolean full;
  PGresult *last;      /* what has come after the rows */
  guint64 n_rows;      /* that have come */
  char tag[64];        /* that came with them, as with libpq 17 */
};

/* With which a stream of rows can be stopped in a transaction. */
#define PG_STREAM_SAVEPOINT "_pgconn_stream"

PgStream *pg_stream_new (PgStreamKind kind);
/* Of a statement that has given no rows: it is over. */
PgStream *pg_stream_new_empty (PgRawResult *raw);

/* result: the server's word that one has begun; NULL for a kind that begins by itself. */
void pg_stream_open (PgEngine *self, PgStreamKind kind, const PGresult *result);
PgStreamStep pg_stream_advance (PgEngine *self);
/* Takes rows of a statement whose rows come by and by. */
void pg_stream_take_rows (PgEngine *self, PGresult *result);
/* All that belongs to the statement is answered. */
void pg_stream_answered (PgEngine *self);
/* The statement is over. */
void pg_stream_close (PgEngine *self);
/* For a request that comes when its stream is over: nothing more to read, nowhere to write. */
void pg_stream_fail_late (PgEngine *self, PgRequest *request);
/* A request has ended in it, or with it. */
void pg_stream_note_error (PgEngine *self, PgRequest *request);

/* pg-engine-error.c */
PgDiagnostic *pg_diagnostic_new_from_result (const PGresult *result);
GError *pg_error_new_from_result (const PGresult *result);
/* words: instead of what libpq says now; may be NULL. */
GError *pg_error_new_from_conn (PGconn *conn, const char *words, GQuark domain, int code);
/* A condition of the server's list that the client finds by itself. */
GError *pg_error_new_own (const char *sqlstate, const char *message);
/* The message of a failed attempt to connect, made with PQERRORS_VERBOSE. */
GError *pg_error_new_from_connect (const char *message);

/* pg-engine-cancel.c */
void pg_cancel_start (PgEngine *self);
/* Somebody has asked again, or stops the request for good now. */
void pg_cancel_renew (PgEngine *self);
/* TRUE while a cancel request that may still strike is out. Where the statement is answered none is sent any more. */
gboolean pg_cancel_step (PgEngine *self, gboolean answered);
void pg_cancel_clear (PgEngine *self);
/* Serials are given in the order in which requests are submitted, and begin again some time. */
gboolean pg_serial_is_after (guint serial, guint other);
void pg_request_number (PgRequest *self, PgEngine *engine);
/* It goes out, with those before it or alone: cancel() means it. */
void pg_cancel_mean (PgEngine *self, PgRequest *request);
void pg_cancel_mean_only (PgEngine *self, PgRequest *request);
/* The last one that is meant, where somebody has asked for it and the one with this serial is among them; which is forgotten then. 0 else. In a pipeline those in the
 * queue have ended. */
guint pg_cancel_take_asked (PgEngine *self, guint serial);
/* Whether that one is not waited for beyond cancel-timeout. */
void pg_cancel_take_stop (PgEngine *self);
/* Stops the running request, and all that went out with it up to that one. */
void pg_cancel_meant (PgEngine *self, guint last);
/* Where nothing is on its way: ends those in the queue that are meant. */
void pg_cancel_drop_meant (PgEngine *self);
/* Between two calls of a stream: sends what was asked for, and sees to its end. */
void pg_cancel_step_idle (PgEngine *self);
/* The next call of that stream is running. */
void pg_cancel_resume (PgEngine *self);
/* Gives a round trip that follows the rest of the server's time. */
void pg_cancel_fence (PgEngine *self);
gboolean pg_cancel_get_fd (PgEngine *self, int *fd, GIOCondition *condition);
gint64 pg_cancel_get_deadline (PgEngine *self);

/* pg-engine-connect.c */
void pg_connect_free (PgConnect *self);
gboolean pg_connect_get_fd (PgEngine *self, int *fd, GIOCondition *condition);
gint64 pg_connect_get_deadline (PgEngine *self);

/* pg-engine-statements.c: what is prepared on the server. */
typedef struct _PgCachedStatement PgCachedStatement;

PgStatements *pg_statements_new (void);
void pg_statements_free (PgStatements *self);
/* The entry of a statement and its parameters' types, made where there is none, and counted; transfer full. */
PgCachedStatement *pg_statements_use (PgStatements *self, const char *sql, PgWireParams *params);
PgCachedStatement *pg_cached_statement_ref (PgCachedStatement *self);
void pg_cached_statement_unref (PgCachedStatement *self);
/* NULL where it is not prepared. */
const char *pg_cached_statement_get_name (PgCachedStatement *self);
guint pg_cached_statement_get_count (PgCachedStatement *self);
/* The columns of a prepared statement, with the first result that it has as such. */
void pg_cached_statement_take_columns (PgCachedStatement *self, PgRawResult *raw);
/* The settings that its columns need; PG_WIRE_PLAIN_NEVER where they are not known. */
guint8 pg_cached_statement_get_plain (PgCachedStatement *self, PgWirePlainFunc func, gconstpointer data);
/* NULL where there is none; transfer none. */
PgCachedStatement *pg_statements_peek (PgStatements *self, const char *sql, guint n_types, const guint32 *types);
/* One that was prepared by itself, with the types that the server has found for its parameters; takes name. */
void pg_statements_add (PgStatements *self, const char *sql, guint n_types, const guint32 *types, char *name, PgRawResult *description);
/* It is about to be prepared under a new name; call pg_statements_prepared() or pg_statements_forget() when the server has answered. */
const char *pg_statements_name (PgStatements *self, PgCachedStatement *statement);
/* Its preparation has been sent in a pipeline; TRUE. Until the end of the promise it has its name for those behind it. */
gboolean pg_statements_promise (PgStatements *self, PgCachedStatement *statement);
void pg_statements_end_promise (PgStatements *self, PgCachedStatement *statement);
void pg_statements_prepared (PgStatements *self, PgCachedStatement *statement);
/* The server does not have it (any more). */
void pg_statements_forget (PgStatements *self, PgCachedStatement *statement);
/* It is not to be used any more, and the server has to drop it if it has it. */
void pg_statements_expire (PgStatements *self, PgCachedStatement *statement);
void pg_statements_expire_all (PgStatements *self);
/* A command has been executed. */
void pg_statements_take_tag (PgStatements *self, const char *tag);
/* The same, with its text. */
void pg_statements_take_setting (PgStatements *self, const char *tag, const char *sql);
/* No transaction is open. */
void pg_statements_end_transaction (PgStatements *self);
/* How many the server has to drop because there are more than max. They are not used any more. */
guint pg_statements_evict (PgStatements *self, gint max);
/* Whether one more can be prepared before one has to be dropped. */
gboolean pg_statements_has_room (PgStatements *self, gint max);
/* Whether one more can be prepared where none can be dropped for now. */
gboolean pg_statements_may_exceed (PgStatements *self, gint max);
/* The name of one of them. It is named again until pg_statements_evicted() says that the server does not have the first one any more. */
const char *pg_statements_get_evicted (PgStatements *self, guint index);
void pg_statements_evicted (PgStatements *self);
/* A name for what is prepared outside of the cache, and, taken, one to be dropped as if it were from there. */
char *pg_statements_make_name (PgStatements *self);
void pg_statements_drop (PgStatements *self, char *name);
/* The statement failed because it is prepared: it can be prepared anew. */
gboolean pg_statements_is_stale (PgDiagnostic *diagnostic);

/* pg-engine-worker.c: a call that blocks, in a thread, with a descriptor that says when it is over. */
typedef void (*PgWorkerFunc) (gpointer data, GCancellable *cancellable);

PgWorker *pg_worker_new (PgWorkerFunc func, gpointer data, GDestroyNotify data_free, GError **error);
gboolean pg_worker_is_done (PgWorker *self);
int pg_worker_get_fd (PgWorker *self);
gpointer pg_worker_get_data (PgWorker *self);
/* Also while it runs: the thread then ends by itself. */
void pg_worker_release (PgWorker *self);

G_END_DECLS
