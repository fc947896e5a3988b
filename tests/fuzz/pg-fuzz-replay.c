/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A fuzzer without libFuzzer: what its corpus has, each kind of line a test; and short mutations of it.
 *
 *   fuzz-NAME CORPUS              repeats them
 *   fuzz-NAME CORPUS --unpack DIR a file for each, which is what libFuzzer takes
 *
 * A line of a corpus is a name and an input in hexadecimal. What a name is up to the first / are the tests; an input that once
 * made the fuzzer stop has "found/" and what was wrong for its name. */
#include "pg-fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  char *name;
  guint8 *data;
  gsize length;
} Input;

static GPtrArray *inputs;

static void
input_free (gpointer data)
{
  Input *self = data;

  g_free (self->name);
  g_free (self->data);
  g_free (self);
}

static void
run_input (const guint8 *data, gsize length)
{
  /* Of exactly its length. */
  guint8 *copy = g_malloc (MAX (length, 1));

  if (length > 0)
    memcpy (copy, data, length);
  pg_fuzz_set_input (copy, length);
  LLVMFuzzerTestOneInput (copy, length);
  g_free (copy);
}

static gboolean
read_corpus (const char *path)
{
  g_autofree char *contents = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_file_get_contents (path, &contents, NULL, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return FALSE;
    }
  inputs = g_ptr_array_new_with_free_func (input_free);
  lines = g_strsplit (contents, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *hex = strchr (lines[i], ' ');
      Input *input;

      if (*lines[i] == '\0' || *lines[i] == '#')
        continue;
      if (hex == NULL || strlen (hex + 1) % 2 != 0 || strspn (hex + 1, "0123456789abcdef") != strlen (hex + 1))
        {
          fprintf (stderr, "%s:%u: not a name and hexadecimal digits\n", path, i + 1);
          return FALSE;
        }
      input = g_new0 (Input, 1);
      input->name = g_strndup (lines[i], (gsize) (hex - lines[i]));
      input->length = strlen (++hex) / 2;
      input->data = g_malloc (input->length + 1);
      for (gsize k = 0; k < input->length; k++)
        input->data[k] = (guint8) (g_ascii_xdigit_value (hex[2 * k]) << 4 | g_ascii_xdigit_value (hex[2 * k + 1]));
      g_ptr_array_add (inputs, input);
    }
  return TRUE;
}

static gboolean
unpack (const char *folder)
{
  for (guint i = 0; i < inputs->len; i++)
    {
      const Input *input = inputs->pdata[i];
      g_autofree char *path = g_strdup_printf ("%s/seed-%05u", folder, i);
      g_autoptr (GError) error = NULL;

      if (!g_file_set_contents (path, (const char *) input->data, (gssize) input->length, &error))
        {
          fprintf (stderr, "%s\n", error->message);
          return FALSE;
        }
    }
  return TRUE;
}

static void
test_one (gconstpointer data)
{
  const Input *input = data;

  g_test_summary ("An input that a fuzzer found a defect with.");
  run_input (input->data, input->length);
}

static void
test_group (gconstpointer data)
{
  const char *group = data;

  g_test_summary ("What holds for every input holds for those of the corpus.");
  for (guint i = 0; i < inputs->len; i++)
    {
      const Input *input = inputs->pdata[i];

      if (g_str_has_prefix (input->name, group) && strchr ("/", input->name[strlen (group)]) != NULL)
        run_input (input->data, input->length);
    }
}

static void
test_mutations (void)
{
  const guint n = g_getenv ("PGCONN_TEST_LONG") != NULL ? 200000 : g_getenv ("PG_TEST_VALGRIND") != NULL ? 300 : 5000;

  g_test_summary ("... and for what is made of them by changing, cutting and joining.");
  for (guint i = 0; i < n; i++)
    {
      const Input *input = inputs->pdata[g_test_rand_int_range (0, (gint32) inputs->len)];
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      g_byte_array_append (bytes, input->data, (guint) input->length);
      for (int changes = g_test_rand_int_range (0, 4); changes > 0 && bytes->len > 0; changes--)
        bytes->data[g_test_rand_int_range (0, (gint32) bytes->len)] =
          g_test_rand_bit () ? (guint8) g_test_rand_int () : (guint8) "\0\1\x7f\x80\xff{}[]():,\"\\-+. 09nN%$;'\""[g_test_rand_int_range (0, 28)];
      if (g_test_rand_int_range (0, 4) == 0)
        g_byte_array_set_size (bytes, (guint) g_test_rand_int_range (0, (gint32) bytes->len + 1));
      if (g_test_rand_int_range (0, 8) == 0)
        {
          const Input *other = inputs->pdata[g_test_rand_int_range (0, (gint32) inputs->len)];
          const gint32 from = g_test_rand_int_range (0, (gint32) other->length + 1);

          g_byte_array_append (bytes, other->data + from, (guint) (other->length - (gsize) from));
        }
      run_input (bytes->data, bytes->len);
    }
}

int
main (int argc, char *argv[])
{
  g_autofree char *program = g_path_get_basename (argv[0]);
  g_autoptr (GHashTable) groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, NULL);
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  const char *corpus;
  char *path;
  int status;

  if (g_str_has_suffix (program, "-replay"))
    program[strlen (program) - strlen ("-replay")] = '\0';
  g_test_init (&argc, &argv, NULL);
  LLVMFuzzerInitialize (&argc, &argv);
  if (argc != 2 && (argc != 4 || strcmp (argv[2], "--unpack") != 0))
    {
      fprintf (stderr, "Usage: %s CORPUS [--unpack FOLDER]\n", program);
      return 2;
    }
  corpus = argv[1];
  if (!read_corpus (corpus))
    return 2;
  if (argc == 4)
    return unpack (argv[3]) ? 0 : 1;

  for (guint i = 0; i < inputs->len; i++)
    {
      const Input *input = inputs->pdata[i];
      char *group = g_strndup (input->name, strcspn (input->name, "/"));

      g_ptr_array_add (strings, group);
      if (g_str_equal (group, "found"))
        {
          path = g_strdup_printf ("/pg/%s/%s", program, input->name);
          g_ptr_array_add (strings, path);
          g_test_add_data_func (path, input, test_one);
        }
      else if (g_hash_table_add (groups, group))
        {
          path = g_strdup_printf ("/pg/%s/corpus/%s", program, group);
          g_ptr_array_add (strings, path);
          g_test_add_data_func (path, group, test_group);
        }
    }
  path = g_strdup_printf ("/pg/%s/mutations", program);
  g_ptr_array_add (strings, path);
  g_test_add_func (path, test_mutations);
  status = g_test_run ();
  g_ptr_array_unref (inputs);
  return status;
}
