/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-async-connection-private.h"

#include "pg-pin-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/cursor/pg-async-cursor.h>
#include <pgconn/cursor/pg-async-server-cursor.h>
#include <pgconn/error/pg-diagnostic.h>
#include <pgconn/error/pg-error.h>

/**
 * PgAsyncConnection:
 *
 * A connection to a PostgreSQL server for programs with a main loop: no call blocks.
 *
 * ```c
 * static void
 * on_execute (GObject *source, GAsyncResult *result, gpointer data)
 * {
 *   g_autoptr (GError) error = NULL;
 *   g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (source), result, &error);
 * }
 *
 * pg_async_connection_execute_async (connection, "SELECT name FROM item WHERE price < $1", g_variant_new ("(i)", 10), NULL, on_execute, NULL);
 * ```
 *
 * Calls that are made while another one runs wait for it and are run in their order; [property@AsyncConnection:pipelining] says which of them share a round
 * trip. There are no threads but one that looks up a host's name and, before
 * libpq 17, one that sends a cancel request.
 *
 * ## Main context
 *
 * The connection belongs to the thread-default main context at its construction: it does its work there, emits its signals there, and its methods may only be
 * called by the thread that runs that context. A call from elsewhere fails with `PG_ERROR_INTERFACE`. [method@BaseConnection.cancel] may be called anywhere.
 *
 * ## Cancelling
 *
 * Every call takes a [class@Gio.Cancellable]. A statement that waits for its turn is taken from the queue; one that runs is cancelled on the server. When the
 * call then ends with `G_IO_ERROR_CANCELLED` the server no longer works on it and the connection is ready for the next one. A statement that the server has
 * completed all the same ends as if it had not been cancelled, so that what was done is never reported as not done. [method@BaseConnection.cancel] cancels all
 * that has been sent, and of a pipeline all that was started.
 *
 * Since: 1.0
 */

struct _PgAsyncConnection
{
  PgBaseConnection parent_instance;
  GMainContext *context;
  GSource *source;
  PgPin *pin;
  GSList *cancel_waiters;
  gboolean disposed;
};

static void async_initable_iface_init (GAsyncInitableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PgAsyncConnection, pg_async_connection, PG_TYPE_BASE_CONNECTION,
                               G_IMPLEMENT_INTERFACE (G_TYPE_ASYNC_INITABLE, async_initable_iface_init))

enum
{
  PROP_0,
  PROP_PIPELINING,
  N_PROPS
};

static GParamSpec *props[N_PROPS];
static GQuark diagnostic_quark;

/* --- a call on its way --- */

typedef struct
{
  PgAsyncConnection *connection; /* the task's source object may be a cursor */
  PgRequest *request;
  GSource *cancel_source;
  PgAsyncComplete complete;
  GObject *object;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_object_unref (call->connection);
  pg_request_unref (call->request);
  g_clear_object (&call->object);
  g_free (call);
}

GTask *
pg_async_task_new (gpointer source_object, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data, gpointer tag, const char *name)
{
  GTask *task = g_task_new (source_object, cancellable, callback, user_data);

  /* First the name: setting the tag of a task that has none makes one. */
  g_task_set_name (task, name);
  g_task_set_source_tag (task, tag);
  /* What the server has done stays reported as done when it was too late to cancel it. */
  g_task_set_check_cancellable (task, FALSE);
  return task;
}

gboolean
pg_async_task_is_valid (gpointer result, gpointer source_object, gpointer tag)
{
  return g_task_is_valid (result, source_object) && g_task_get_source_tag (result) == tag;
}

void
pg_async_task_copy_diagnostic (GTask *task, GTask *from)
{
  PgDiagnostic *diagnostic = g_object_get_qdata (G_OBJECT (from), diagnostic_quark);

  if (diagnostic != NULL)
    g_object_set_qdata_full (G_OBJECT (task), diagnostic_quark, pg_diagnostic_ref (diagnostic), (GDestroyNotify) pg_diagnostic_unref);
}

static void
return_task (GTask *task, PgRequest *request, Call *call)
{
  GError *error = NULL;

  if (!pg_request_get_outcome (request, &error))
    {
      PgDiagnostic *diagnostic = pg_request_get_diagnostic (request);

      if (diagnostic != NULL)
        g_object_set_qdata_full (G_OBJECT (task), diagnostic_quark, pg_diagnostic_ref (diagnostic), (GDestroyNotify) pg_diagnostic_unref);
      g_task_return_error (task, error);
    }
  else if (call->complete != NULL)
    call->complete (task, request, call->object);
  else
    g_task_return_boolean (task, TRUE);
}

/* Full: the task, which is over. */
static GTask *
complete_request (PgRequest *request)
{
  GTask *task = pg_request_get_data (request);
  Call *call = g_task_get_task_data (task);

  if (call->cancel_source != NULL)
    {
      g_source_destroy (call->cancel_source);
      g_clear_pointer (&call->cancel_source, g_source_unref);
    }
  return_task (task, request, call);
  pg_request_unref (request);
  return task;
}

/* --- the source --- */

/* Runs no users' code. */
static void
step (PgAsyncConnection *self)
{
  PgEngine *engine = pg_base_connection_get_engine (PG_BASE_CONNECTION (self));

  pg_engine_step (engine, PG_READY_NONE);
  pg_engine_source_update (self->source);
  if (pg_engine_has_news (engine))
    pg_engine_source_wake (self->source);
}

/* Does all that can be done now. Users' code runs at its end only, when the engine is in order and a reference is held. */
static void
process (PgAsyncConnection *self, PgReady ready)
{
  PgEngine *engine = pg_base_connection_get_engine (PG_BASE_CONNECTION (self));
  g_autoptr (GTask) last = NULL;
  PgRequest *request;

  pg_engine_step (engine, ready);
  pg_engine_source_update (self->source);
  pg_base_connection_emit_events (PG_BASE_CONNECTION (self));
  while ((request = pg_engine_pop_completed (engine)) != NULL)
    {
      g_clear_object (&last);
      /* With it goes what nobody else has, as its cursor and the rows: the server may work meanwhile at what the callback has asked for. */
      last = complete_request (request);
    }
  pg_async_connection_end_cancel_waiters (self);
  /* What the callbacks have asked for goes out together, and without another turn of the loop. */
  if (pg_engine_source_take_woken (self->source))
    step (self);
}

static gboolean
on_source_ready (gpointer data)
{
  PgAsyncConnection *self = pg_pin_obtain (data);

  if (self == NULL)
    return G_SOURCE_REMOVE;
  process (self, pg_engine_source_get_ready (self->source));
  pg_pin_release (data, self);
  return G_SOURCE_CONTINUE;
}

static gboolean
is_own_thread (PgAsyncConnection *self)
{
  if (g_main_context_is_owner (self->context))
    return TRUE;
  /* Nobody runs it at the moment: then the thread whose default it is may. */
  if (!g_main_context_acquire (self->context))
    return FALSE;
  g_main_context_release (self->context);
  return g_main_context_get_thread_default () == self->context
         || (g_main_context_get_thread_default () == NULL && self->context == g_main_context_default ());
}

GMainContext *
pg_async_connection_get_context (PgAsyncConnection *self)
{
  return self->context;
}

GSList **
pg_async_connection_get_cancel_waiters (PgAsyncConnection *self)
{
  return &self->cancel_waiters;
}

void
pg_async_connection_wake (PgAsyncConnection *self)
{
  pg_engine_source_wake (self->source);
}

gboolean
pg_async_connection_is_foreign (PgAsyncConnection *self, GTask *task)
{
  if (is_own_thread (self))
    return FALSE;
  g_task_return_new_error (task, PG_ERROR, PG_ERROR_INTERFACE,
                           _ ("the connection belongs to another main context than the one the calling thread runs"));
  return TRUE;
}

static gboolean
on_call_cancelled (GCancellable *cancellable, gpointer data)
{
  GTask *task = data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (PgAsyncConnection) self = g_object_ref (call->connection);

  pg_engine_cancel (pg_base_connection_get_engine (PG_BASE_CONNECTION (self)), call->request);
  process (self, PG_READY_NONE);
  return G_SOURCE_REMOVE;
}

void
pg_async_connection_start (PgAsyncConnection *self, GTask *task, PgRequest *request, PgAsyncComplete complete, gpointer object)
{
  PgEngine *engine = pg_base_connection_get_engine (PG_BASE_CONNECTION (self));
  GCancellable *cancellable = g_task_get_cancellable (task);
  Call *call;

  if (pg_async_connection_is_foreign (self, task))
    {
      g_object_unref (task);
      pg_request_unref (request);
      return;
    }
  if (cancellable != NULL && !pg_request_is_unstoppable (request) && g_cancellable_is_cancelled (cancellable))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("the operation was cancelled"));
      g_object_unref (task);
      pg_request_unref (request);
      return;
    }
  if (self->disposed)
    {
      g_task_return_error (task, pg_engine_closed_error (engine));
      g_object_unref (task);
      pg_request_unref (request);
      return;
    }

  call = g_new (Call, 1);
  *call = (Call){ g_object_ref (self), request, NULL, complete, object != NULL ? g_object_ref (object) : NULL };
  g_task_set_task_data (task, call, call_free);
  pg_request_set_data (request, task);
  pg_engine_submit (engine, request);
  if (cancellable != NULL)
    {
      call->cancel_source = g_cancellable_source_new (cancellable);
      g_task_attach_source (task, call->cancel_source, G_SOURCE_FUNC (on_call_cancelled));
    }
  /* It goes out now, or with those that follow it before the main loop runs again. */
  if (pg_engine_is_gathering (engine, request))
    {
      pg_engine_source_wake (self->source);
      return;
    }
  /* Users' code runs from the main loop only, never inside this call. */
  step (self);
}

/* --- the class --- */

static void
driver_close (PgBaseConnection *base)
{
  PgAsyncConnection *self = PG_ASYNC_CONNECTION (base);

  g_return_if_fail (is_own_thread (self));
  pg_engine_close (pg_base_connection_get_engine (base));
  pg_engine_source_update (self->source);
  /* Those that waited are told from the main loop. */
  pg_engine_source_wake (self->source);
}

static void
driver_cancel (PgBaseConnection *base)
{
  if (pg_engine_ask_cancel (pg_base_connection_get_engine (base)) != 0)
    pg_engine_source_wake (PG_ASYNC_CONNECTION (base)->source);
}

static const PgBaseConnectionDriver driver = { driver_close, driver_cancel, { pg_async_cursor_get_type, pg_async_server_cursor_get_type } };

/* Without calls, which hold references, this is the end. With calls it is g_object_run_dispose(): the source finds the object no more, so they end
 * here. */
static void
pg_async_connection_dispose (GObject *object)
{
  PgAsyncConnection *self = PG_ASYNC_CONNECTION (object);
  PgEngine *engine = pg_base_connection_get_engine (PG_BASE_CONNECTION (self));
  PgRequest *request;

  if (pg_pin_dispose (self->pin))
    return;
  self->disposed = TRUE;
  pg_engine_close (engine);
  pg_engine_source_update (self->source);
  while ((request = pg_engine_pop_completed (engine)) != NULL)
    g_object_unref (complete_request (request));
  pg_async_connection_end_cancel_waiters (self);
  G_OBJECT_CLASS (pg_async_connection_parent_class)->dispose (object);
}

static void
pg_async_connection_finalize (GObject *object)
{
  PgAsyncConnection *self = PG_ASYNC_CONNECTION (object);

  pg_engine_source_detach (self->source);
  g_source_unref (self->source);
  g_main_context_unref (self->context);
  pg_pin_unref (self->pin);
  G_OBJECT_CLASS (pg_async_connection_parent_class)->finalize (object);
}

static void
pg_async_connection_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_PIPELINING:
      g_value_set_boolean (value, pg_async_connection_get_pipelining (PG_ASYNC_CONNECTION (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
pg_async_connection_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_PIPELINING:
      pg_async_connection_set_pipelining (PG_ASYNC_CONNECTION (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
pg_async_connection_class_init (PgAsyncConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pg_async_connection_dispose;
  object_class->finalize = pg_async_connection_finalize;
  object_class->get_property = pg_async_connection_get_property;
  object_class->set_property = pg_async_connection_set_property;
  diagnostic_quark = g_quark_from_static_string ("pg-diagnostic");

  /**
   * PgAsyncConnection:pipelining: (getter get_pipelining) (setter set_pipelining)
   *
   * Whether statements that are started without waiting for each other go out together, and cost one round trip.
   *
   * In autocommit mode those that read or change rows (`SELECT`, `INSERT`, `UPDATE`, `DELETE`, `MERGE`, `VALUES`, `TABLE`, `WITH`) do so. They are executed in
   * their order, each as a transaction of its own: one that fails does not touch the others, and each is over when it is answered. One that is cancelled, or
   * whose time is over, while others are before it may still be executed, and ends when those are answered, or all of them. A statement that the cancel
   * request of another call ([class@Gio.Cancellable], or its time limit) has hit, which comes too late then, is executed again: it was rolled back, but numbers of a
   * sequence are taken twice. [method@BaseConnection.cancel] means all of them instead, and none is executed again. A prepared statement that the server has lost (`26000`), or that does not fit its
   * tables any more since another session has changed them (`0A000`), is prepared again where none of those behind it has been executed; otherwise it fails, and
   * executing it again prepares it anew.
   *
   * See "Pipeline Mode" in the libpq chapter of the PostgreSQL manual.
   *
   * Since: 1.0
   */
  props[PROP_PIPELINING] = g_param_spec_boolean ("pipelining", NULL, NULL, TRUE,
                                                 G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

/**
 * pg_async_connection_get_pipelining: (get-property pipelining)
 * @self: a connection
 *
 * Gets whether statements that are started without waiting for each other go out together.
 *
 * Returns: `TRUE` if they do
 *
 * Since: 1.0
 */
gboolean
pg_async_connection_get_pipelining (PgAsyncConnection *self)
{
  g_return_val_if_fail (PG_IS_ASYNC_CONNECTION (self), FALSE);
  return pg_engine_get_options (pg_base_connection_get_engine (PG_BASE_CONNECTION (self)))->pipelining;
}

/**
 * pg_async_connection_set_pipelining: (set-property pipelining)
 * @self: a connection
 * @pipelining: whether they do
 *
 * Sets whether statements that are started without waiting for each other go out together.
 *
 * Since: 1.0
 */
void
pg_async_connection_set_pipelining (PgAsyncConnection *self, gboolean pipelining)
{
  PgEngineOptions *options;

  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  options = pg_engine_get_options (pg_base_connection_get_engine (PG_BASE_CONNECTION (self)));
  if (options->pipelining == !!pipelining)
    return;
  options->pipelining = !!pipelining;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PIPELINING]);
}

static void
pg_async_connection_init (PgAsyncConnection *self)
{
  PgBaseConnection *base = PG_BASE_CONNECTION (self);

  pg_base_connection_set_driver (base, &driver);
  self->context = g_main_context_ref_thread_default ();
  self->source = pg_engine_source_new (pg_base_connection_get_engine (base));
  self->pin = pg_pin_new (G_OBJECT (self));
  g_source_set_callback (self->source, on_source_ready, pg_pin_ref (self->pin), (GDestroyNotify) pg_pin_unref);
  g_source_attach (self->source, self->context);
}

static void
pg_async_connection_init_async (GAsyncInitable *initable, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  PgAsyncConnection *self = PG_ASYNC_CONNECTION (initable);
  GTask *task = pg_async_task_new (self, cancellable, callback, user_data, pg_async_connection_init_async, "pg_async_connection_open_async");

  pg_async_connection_start (self, task, pg_base_connection_open_request_new (PG_BASE_CONNECTION (self)), NULL, NULL);
}

static gboolean
pg_async_connection_init_finish (GAsyncInitable *initable, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, initable, pg_async_connection_init_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
async_initable_iface_init (GAsyncInitableIface *iface)
{
  iface->init_async = pg_async_connection_init_async;
  iface->init_finish = pg_async_connection_init_finish;
}

/**
 * pg_async_connection_open_async:
 * @conninfo: a URI or keywords and values, as in "Connection Strings" in the libpq chapter of the PostgreSQL manual; may be empty
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the connection is open, or cannot be opened
 * @user_data: data for @callback
 *
 * Connects to a server, without blocking; names are looked up with [class@Gio.Resolver].
 *
 * [ctor@Connection.open] is the same blocking, and says more of @conninfo and of the errors. To set properties at construction use
 * [func@Gio.AsyncInitable.new_async].
 *
 * Since: 1.0
 */
void
pg_async_connection_open_async (const char *conninfo, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (conninfo != NULL);
  g_async_initable_new_async (PG_TYPE_ASYNC_CONNECTION, G_PRIORITY_DEFAULT, cancellable, callback, user_data, "conninfo", conninfo, NULL);
}

/**
 * pg_async_connection_open_finish: (constructor)
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [func@AsyncConnection.open_async] has begun.
 *
 * Returns: (transfer full): a new connection; `NULL` with an error
 *
 * Since: 1.0
 */
PgAsyncConnection *
pg_async_connection_open_finish (GAsyncResult *result, GError **error)
{
  g_autoptr (GObject) source = g_async_result_get_source_object (result);

  g_return_val_if_fail (G_IS_ASYNC_INITABLE (source), NULL);
  return PG_ASYNC_CONNECTION (g_async_initable_new_finish (G_ASYNC_INITABLE (source), result, error));
}

/**
 * pg_async_connection_get_result_diagnostic:
 * @self: a connection
 * @result: the [iface@Gio.AsyncResult] of a call on this connection or on one of its cursors
 *
 * Gets what the server said of the failure of a call, for languages in which an error cannot carry it.
 *
 * Returns: (transfer none) (nullable): the diagnostic, or `NULL` when the call did not fail, or not by the server's word
 *
 * Since: 1.0
 */
PgDiagnostic *
pg_async_connection_get_result_diagnostic (PgAsyncConnection *self, GAsyncResult *result)
{
  g_return_val_if_fail (PG_IS_ASYNC_CONNECTION (self), NULL);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), NULL);
  return G_IS_OBJECT (result) ? g_object_get_qdata (G_OBJECT (result), diagnostic_quark) : NULL;
}
