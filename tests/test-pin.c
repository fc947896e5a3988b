/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgPin: how the source of a connection finds it without keeping it alive. */
#include <pgconn/connection/pg-pin-private.h>

#include <locale.h>

#define MAGIC 0x70696e00
#define N_USERS 3

typedef struct
{
  GObject parent_instance;
  PgPin *pin;
  gint magic;
  gint disposed;
} TestObject;

typedef GObjectClass TestObjectClass;

static gint n_disposed, n_finalized;

static GType test_object_get_type (void);
G_DEFINE_TYPE (TestObject, test_object, G_TYPE_OBJECT)

static void
test_object_init (TestObject *self)
{
  self->pin = pg_pin_new (G_OBJECT (self));
  self->magic = MAGIC;
}

static void
test_object_dispose (GObject *object)
{
  TestObject *self = (TestObject *) object;

  if (pg_pin_dispose (self->pin))
    return;
  g_atomic_int_inc (&self->disposed);
  g_atomic_int_inc (&n_disposed);
  G_OBJECT_CLASS (test_object_parent_class)->dispose (object);
}

static void
test_object_finalize (GObject *object)
{
  TestObject *self = (TestObject *) object;

  g_atomic_int_inc (&n_finalized);
  self->magic = 0;
  pg_pin_unref (self->pin);
  G_OBJECT_CLASS (test_object_parent_class)->finalize (object);
}

static void
test_object_class_init (TestObjectClass *klass)
{
  klass->dispose = test_object_dispose;
  klass->finalize = test_object_finalize;
}

static TestObject *
new_object (PgPin **pin)
{
  TestObject *object = g_object_new (test_object_get_type (), NULL);

  g_atomic_int_set (&n_disposed, 0);
  g_atomic_int_set (&n_finalized, 0);
  *pin = pg_pin_ref (object->pin);
  return object;
}

static guint
count_rounds (guint usual)
{
  return g_getenv ("PG_TEST_VALGRIND") != NULL ? usual / 20 : usual;
}

/* --- one thread --- */

static void
test_obtain (void)
{
  PgPin *pin;
  TestObject *object = new_object (&pin);

  g_test_summary ("What is obtained is the object, with a reference, also by one who has it already; nothing after its end.");
  g_assert_true (pg_pin_obtain (pin) == object);
  g_assert_true (pg_pin_obtain (pin) == object);
  g_assert_cmpuint (G_OBJECT (object)->ref_count, ==, 3);
  pg_pin_release (pin, object);
  pg_pin_release (pin, object);
  g_assert_cmpuint (G_OBJECT (object)->ref_count, ==, 1);
  g_assert_cmpint (n_disposed, ==, 0);
  g_object_unref (object);
  g_assert_cmpint (n_disposed, ==, 1);
  g_assert_cmpint (n_finalized, ==, 1);
  g_assert_null (pg_pin_obtain (pin));
  pg_pin_unref (pin);
}

static void
test_dispose_by_user (void)
{
  PgPin *pin;
  TestObject *object = new_object (&pin);

  g_test_summary ("g_object_run_dispose() in the thread that uses the object disposes of it; it is not found any more, and lives until it is released.");
  g_assert_true (pg_pin_obtain (pin) == object);
  g_object_run_dispose (G_OBJECT (object));
  g_assert_cmpint (n_disposed, ==, 1);
  g_assert_null (pg_pin_obtain (pin));
  g_object_unref (object);
  g_assert_cmpint (n_finalized, ==, 0);
  pg_pin_release (pin, object);
  g_assert_cmpint (n_finalized, ==, 1);
  g_assert_null (pg_pin_obtain (pin));
  pg_pin_unref (pin);
}

/* --- two threads --- */

static gpointer
unref_thread (gpointer object)
{
  g_object_unref (object);
  return NULL;
}

static gpointer
dispose_thread (gpointer object)
{
  g_object_run_dispose (object);
  return NULL;
}

static void
test_dispose_by_other (gconstpointer by_force)
{
  PgPin *pin;
  TestObject *object = new_object (&pin);
  gpointer again;

  g_test_summary ("What another thread gives up while it is used is found still; what it disposes of is not, lives on, and is disposed of when its user has done.");
  g_assert_true (pg_pin_obtain (pin) == object);
  if (GPOINTER_TO_INT (by_force))
    {
      g_thread_join (g_thread_new ("dispose", dispose_thread, object));
      g_assert_cmpint (n_disposed, ==, 0);
    }
  g_thread_join (g_thread_new ("unref", unref_thread, object));
  g_assert_cmpint (n_disposed, ==, 0);
  g_assert_cmpint (n_finalized, ==, 0);
  g_assert_cmpint (object->magic, ==, MAGIC);
  again = pg_pin_obtain (pin);
  if (GPOINTER_TO_INT (by_force))
    {
      g_assert_null (again);
    }
  else
    {
      g_assert_true (again == object);
      pg_pin_release (pin, object);
    }
  g_assert_cmpint (n_finalized, ==, 0);
  pg_pin_release (pin, object);
  g_assert_cmpint (n_disposed, >=, 1);
  g_assert_cmpint (n_finalized, ==, 1);
  g_assert_null (pg_pin_obtain (pin));
  pg_pin_unref (pin);
}

/* --- many threads --- */

typedef struct
{
  GMutex lock;
  GCond changed;
  guint round;
  guint n_done;
  guint n_users;
  gint n_started;
  PgPin *pin;         /* owned by the main thread */
  TestObject *object; /* a reference for each of the owners */
  gboolean over;
  /* What the users have seen. */
  gint n_obtained;
  gint n_wrong;
} Storm;

/* FALSE at the end. */
static gboolean
begin_round (Storm *self, guint *round)
{
  gboolean over;

  g_mutex_lock (&self->lock);
  while (self->round == *round && !self->over)
    g_cond_wait (&self->changed, &self->lock);
  *round = self->round;
  over = self->over;
  g_mutex_unlock (&self->lock);
  return !over;
}

static void
end_round (Storm *self)
{
  g_mutex_lock (&self->lock);
  self->n_done++;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static gpointer
user_thread (gpointer data)
{
  Storm *self = data;
  guint round = 0;

  while (begin_round (self, &round))
    {
      TestObject *object;

      g_atomic_int_inc (&self->n_started);
      /* Not without end: several that never rest would keep it alive. */
      for (guint i = 0; i < 50 && (object = pg_pin_obtain (self->pin)) != NULL; i++)
        {
          g_atomic_int_inc (&self->n_obtained);
          if (object->magic != MAGIC || g_atomic_int_get (&object->disposed) != 0)
            g_atomic_int_inc (&self->n_wrong);
          g_thread_yield ();
          if (object->magic != MAGIC || g_atomic_int_get (&object->disposed) != 0)
            g_atomic_int_inc (&self->n_wrong);
          pg_pin_release (self->pin, object);
        }
      end_round (self);
    }
  return NULL;
}

static gpointer
owner_thread (gpointer data)
{
  Storm *self = data;
  guint round = 0;

  while (begin_round (self, &round))
    {
      while (g_atomic_int_get (&self->n_started) < (int) (round * self->n_users))
        g_thread_yield ();
      /* Another moment in each round. */
      for (volatile guint i = 0; i < (round * 7919) % 32768; i++)
        ;
      g_object_unref (self->object);
      end_round (self);
    }
  return NULL;
}

static void
test_storm (gconstpointer data)
{
  guint n_users = GPOINTER_TO_UINT (data);
  guint n_threads = n_users + 2;
  guint n_rounds = count_rounds (5000);
  GThread *threads[N_USERS + 2];
  Storm storm = { .n_users = n_users };
  guint n_not_once = 0;

  g_test_summary ("The last reference goes in one thread while others obtain and release: the object is whole while it is used, and ends once.");
  g_mutex_init (&storm.lock);
  g_cond_init (&storm.changed);
  for (guint i = 0; i < n_threads; i++)
    threads[i] = g_thread_new ("storm", i < n_users ? user_thread : owner_thread, &storm);
  for (guint round = 1; round <= n_rounds; round++)
    {
      TestObject *object = new_object (&storm.pin);

      storm.object = g_object_ref (object);
      g_mutex_lock (&storm.lock);
      storm.round = round;
      storm.n_done = 0;
      g_cond_broadcast (&storm.changed);
      while (storm.n_done < n_threads)
        g_cond_wait (&storm.changed, &storm.lock);
      g_mutex_unlock (&storm.lock);
      /* How often it was disposed of is not counted: when a user gives it up between the last look at the count and dispose(), the user's own unref comes there too. */
      if (n_finalized != 1)
        n_not_once++;
      pg_pin_unref (storm.pin);
    }
  g_mutex_lock (&storm.lock);
  storm.over = TRUE;
  g_cond_broadcast (&storm.changed);
  g_mutex_unlock (&storm.lock);
  for (guint i = 0; i < n_threads; i++)
    g_thread_join (threads[i]);
  g_mutex_clear (&storm.lock);
  g_cond_clear (&storm.changed);

  g_test_message ("obtained %d times", storm.n_obtained);
  g_assert_cmpuint (n_not_once, ==, 0);
  g_assert_cmpint (storm.n_wrong, ==, 0);
  g_assert_cmpint (storm.n_obtained, >, 0);
}

/* --- a binding --- */

/* As a binding does it: the interpreter's lock is needed whenever a wrapper becomes the only owner of its object, or ceases to be. */
static GMutex interpreter;
static gint n_toggled;

static void
on_toggle (gpointer data, GObject *object, gboolean is_last_ref)
{
  g_mutex_lock (&interpreter);
  g_atomic_int_inc (&n_toggled);
  g_mutex_unlock (&interpreter);
}

typedef struct
{
  PgPin *pin;
  gint stop;
} Loop;

static gpointer
source_thread (gpointer data)
{
  Loop *loop = data;
  guint n_lost = 0;

  while (!g_atomic_int_get (&loop->stop))
    {
      gpointer object = pg_pin_obtain (loop->pin);

      if (object != NULL)
        pg_pin_release (loop->pin, object);
      else
        n_lost++;
    }
  return GUINT_TO_POINTER (n_lost);
}

static void
test_toggle_reference (void)
{
  Loop loop = { 0 };
  TestObject *object = new_object (&loop.pin);
  guint n_rounds = count_rounds (20000);
  guint n_lost;
  GThread *thread;

  g_test_summary ("A thread with an interpreter's lock makes and drops objects while a source obtains one with a toggle reference: none waits for ever.");
  g_object_add_toggle_ref (G_OBJECT (object), on_toggle, NULL);
  g_object_unref (object);
  thread = g_thread_new ("source", source_thread, &loop);
  for (guint i = 0; i < n_rounds; i++)
    {
      g_mutex_lock (&interpreter);
      g_object_unref (g_object_new (test_object_get_type (), NULL));
      g_mutex_unlock (&interpreter);
      if (i % 64 == 0)
        g_thread_yield ();
    }
  g_atomic_int_set (&loop.stop, TRUE);
  n_lost = GPOINTER_TO_UINT (g_thread_join (thread));
  g_object_remove_toggle_ref (G_OBJECT (object), on_toggle, NULL);
  pg_pin_unref (loop.pin);
  g_assert_cmpuint (n_lost, ==, 0);
  g_assert_cmpint (n_toggled, >, 0);
  g_assert_cmpint (n_finalized, ==, (int) n_rounds + 1);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/pin/obtain", test_obtain);
  g_test_add_func ("/pg/pin/dispose-by-user", test_dispose_by_user);
  g_test_add_data_func ("/pg/pin/unref-by-other", GINT_TO_POINTER (FALSE), test_dispose_by_other);
  g_test_add_data_func ("/pg/pin/dispose-by-other", GINT_TO_POINTER (TRUE), test_dispose_by_other);
  g_test_add_data_func ("/pg/pin/storm/one-user", GUINT_TO_POINTER (1), test_storm);
  g_test_add_data_func ("/pg/pin/storm/many-users", GUINT_TO_POINTER (N_USERS), test_storm);
  g_test_add_func ("/pg/pin/toggle-reference", test_toggle_reference);

  return g_test_run ();
}
