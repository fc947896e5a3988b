/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/engine/pg-raw-result-private.h>

#include <string.h>

#include <pgconn/engine/pg-libpq-private.h>
#include <pgconn/engine/pg-raw-result-libpq-private.h>

typedef struct
{
  const guint8 *data;
  gsize length;
} Cell;

/* Values, one behind the other, each with a zero byte behind it. */
typedef struct _Block Block;

struct _Block
{
  Block *next;
  gsize size;
  gsize used;
  guint8 data[];
};

#define FIRST_BLOCK (8 * 1024)
#define LAST_BLOCK (128 * 1024)
#define FIRST_ROOM 32

struct _PgRawResult
{
  gatomicrefcount ref_count;
  guint8 session;
  PgRawStatus status;
  PGresult *libpq;
  guint n_rows;
  guint n_columns;
  Cell *cells; /* row by row, of a result that was put together; NULL: libpq's are it */
  guint room;  /* in rows */
  guint max_rows;
  Block *blocks;
};

static PgRawStatus
status_from_libpq (ExecStatusType status)
{
  switch ((int) status)
    {
    case PGRES_EMPTY_QUERY:
      return PG_RAW_STATUS_EMPTY_QUERY;

    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
    case PG_LIBPQ_TUPLES_CHUNK:
      return PG_RAW_STATUS_TUPLES_OK;

    default:
      return PG_RAW_STATUS_COMMAND_OK;
    }
}

PgRawResult *
pg_raw_result_new_take (PGresult *result)
{
  PgRawResult *self = g_new (PgRawResult, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->session = 0;
  self->status = status_from_libpq (PQresultStatus (result));
  self->libpq = result;
  self->n_rows = (guint) PQntuples (result);
  self->n_columns = (guint) PQnfields (result);
  self->cells = NULL;
  self->room = self->max_rows = 0;
  self->blocks = NULL;

  return self;
}

static guint8 *
allocate (PgRawResult *self, gsize size)
{
  Block *block = self->blocks;
  guint8 *data;

  if (block == NULL || block->size - block->used < size)
    {
      const gsize room = MAX (size, block == NULL ? FIRST_BLOCK : MIN (block->size * 2, LAST_BLOCK));

      block = g_malloc (sizeof (Block) + room);
      block->next = self->blocks;
      block->size = room;
      block->used = 0;
      self->blocks = block;
    }
  data = block->data + block->used;
  block->used += size;
  return data;
}

void
pg_raw_result_add_row (PgRawResult *self, const PGresult *row)
{
  const guint n = self->n_columns;
  gsize size = 0;
  guint8 *data;
  Cell *cells;

  if (self->n_rows == self->room)
    {
      self->room = MIN (self->max_rows, MAX (self->room * 2, FIRST_ROOM));
      self->cells = g_renew (Cell, self->cells, (gsize) self->room * MAX (n, 1));
    }
  cells = self->cells + (gsize) self->n_rows++ * n;
  for (guint i = 0; i < n; i++)
    {
      cells[i].length = (gsize) PQgetlength (row, 0, (int) i);
      size += cells[i].length + 1;
    }
  data = n > 0 ? allocate (self, size) : NULL;
  for (guint i = 0; i < n; i++)
    {
      if (cells[i].length == 0 && PQgetisnull (row, 0, (int) i))
        {
          cells[i].data = NULL;
          continue;
        }
      cells[i].data = memcpy (data, PQgetvalue (row, 0, (int) i), cells[i].length + 1);
      data += cells[i].length + 1;
    }
}

PgRawResult *
pg_raw_result_new_rows (PGresult *first, guint max_rows)
{
  PgRawResult *self = pg_raw_result_new_take (first);

  self->n_rows = 0;
  self->max_rows = max_rows;
  pg_raw_result_add_row (self, first);
  return self;
}

PgRawResult *
pg_raw_result_ref (PgRawResult *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
pg_raw_result_unref (PgRawResult *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  PQclear (self->libpq);
  g_free (self->cells);
  while (self->blocks != NULL)
    {
      Block *block = self->blocks;

      self->blocks = block->next;
      g_free (block);
    }
  g_free (self);
}

guint8
pg_raw_result_get_session (PgRawResult *self)
{
  return self->session;
}

void
pg_raw_result_set_session (PgRawResult *self, guint8 session)
{
  self->session = session;
}

PgRawResult *
pg_raw_result_new_head (PgRawResult *self)
{
  PGresult *head = PQcopyResult (self->libpq, PG_COPYRES_ATTRS);

  return head != NULL ? pg_raw_result_new_take (head) : NULL;
}

gboolean
pg_raw_result_has_columns_of (PgRawResult *self, PgRawResult *other)
{
  if (self->n_columns != other->n_columns)
    return FALSE;
  for (int i = 0; i < (int) self->n_columns; i++)
    if (PQftype (self->libpq, i) != PQftype (other->libpq, i) || PQfmod (self->libpq, i) != PQfmod (other->libpq, i)
        || PQftable (self->libpq, i) != PQftable (other->libpq, i) || PQftablecol (self->libpq, i) != PQftablecol (other->libpq, i)
        || strcmp (PQfname (self->libpq, i), PQfname (other->libpq, i)) != 0)
      return FALSE;
  return TRUE;
}

PgRawStatus
pg_raw_result_get_status (PgRawResult *self)
{
  return self->status;
}

/* Some of the rows that a statement has, as they come while the server still sends. */
static gboolean
is_part (PgRawResult *self)
{
  return self->status == PG_RAW_STATUS_TUPLES_OK && PQresultStatus (self->libpq) != PGRES_TUPLES_OK;
}

const char *
pg_raw_result_get_command_tag (PgRawResult *self)
{
  /* libpq 17 has one in parts too. */
  return is_part (self) ? "" : PQcmdStatus (self->libpq);
}

gint64
pg_raw_result_get_affected_rows (PgRawResult *self)
{
  const char *last_word;
  guint64 count;

  if (PQresultStatus (self->libpq) == PGRES_TUPLES_OK)
    return self->n_rows;

  /* A part of a statement's rows says nothing of their number. */
  if (is_part (self))
    return -1;

  /* Not PQcmdTuples(): of a tag that it cannot read it tells the connection's notice receiver, and the connection may be gone by now.
   * The tags that have a count end with it. */
  last_word = strrchr (PQcmdStatus (self->libpq), ' ');
  if (last_word == NULL || !g_ascii_string_to_unsigned (last_word + 1, 10, 0, G_MAXINT64, &count, NULL))
    return -1;

  return (gint64) count;
}

guint
pg_raw_result_get_n_rows (PgRawResult *self)
{
  return self->n_rows;
}

guint
pg_raw_result_get_n_columns (PgRawResult *self)
{
  return self->n_columns;
}

const char *
pg_raw_result_get_column_name (PgRawResult *self, guint column)
{
  return PQfname (self->libpq, (int) column);
}

guint32
pg_raw_result_get_column_type (PgRawResult *self, guint column)
{
  return PQftype (self->libpq, (int) column);
}

gint32
pg_raw_result_get_column_modifier (PgRawResult *self, guint column)
{
  return PQfmod (self->libpq, (int) column);
}

gint32
pg_raw_result_get_column_size (PgRawResult *self, guint column)
{
  return PQfsize (self->libpq, (int) column);
}

guint32
pg_raw_result_get_column_table (PgRawResult *self, guint column)
{
  return PQftable (self->libpq, (int) column);
}

gint
pg_raw_result_get_column_table_column (PgRawResult *self, guint column)
{
  return PQftablecol (self->libpq, (int) column);
}

guint
pg_raw_result_get_n_params (PgRawResult *self)
{
  return (guint) MAX (PQnparams (self->libpq), 0);
}

guint32
pg_raw_result_get_param_type (PgRawResult *self, guint param)
{
  return PQparamtype (self->libpq, (int) param);
}

PgFormat
pg_raw_result_get_column_format (PgRawResult *self, guint column)
{
  return PQfformat (self->libpq, (int) column) == 0 ? PG_FORMAT_TEXT : PG_FORMAT_BINARY;
}

const guint8 *
pg_raw_result_get_data (PgRawResult *self, guint row, guint column, gsize *length)
{
  if (self->cells != NULL)
    {
      const Cell *cell = &self->cells[(gsize) row * self->n_columns + column];

      *length = cell->length;
      return cell->data;
    }
  *length = (gsize) PQgetlength (self->libpq, (int) row, (int) column);
  /* This is where reading many values spends its time: of most of them the length already says that they are not NULL. */
  if (*length == 0 && PQgetisnull (self->libpq, (int) row, (int) column))
    return NULL;
  return (const guint8 *) PQgetvalue (self->libpq, (int) row, (int) column);
}

void
pg_raw_result_get_column_data (PgRawResult *self, guint column, guint first_row, guint n_rows, const guint8 **data, gsize *lengths)
{
  for (guint i = 0; i < n_rows; i++)
    data[i] = pg_raw_result_get_data (self, first_row + i, column, &lengths[i]);
}

struct _PgRawBuilder
{
  PGresult *libpq;
  guint n_rows;
  guint n_columns;
};

PgRawBuilder *
pg_raw_builder_new (guint n_columns, const char *const *names, const guint32 *types, PgFormat format)
{
  PgRawBuilder *self = g_new0 (PgRawBuilder, 1);
  g_autofree PGresAttDesc *columns = g_new0 (PGresAttDesc, MAX (n_columns, 1));

  for (guint i = 0; i < n_columns; i++)
    {
      /* libpq copies it. */
      columns[i].name = (char *) (names != NULL && names[i] != NULL ? names[i] : "");
      columns[i].typid = types[i];
      columns[i].format = format;
      columns[i].typlen = -1;
      columns[i].atttypmod = -1;
    }
  self->n_columns = n_columns;
  self->libpq = PQmakeEmptyPGresult (NULL, PGRES_TUPLES_OK);
  if (self->libpq == NULL || !PQsetResultAttrs (self->libpq, (int) n_columns, columns))
    g_error ("no memory for a result of %u columns", n_columns);
  return self;
}

guint
pg_raw_builder_get_n_rows (PgRawBuilder *self)
{
  return self->n_rows;
}

gboolean
pg_raw_builder_add_row (PgRawBuilder *self, const guint8 *const *data, const gsize *lengths)
{
  if (self->n_rows == G_MAXINT)
    return FALSE;
  for (guint i = 0; i < self->n_columns; i++)
    if (!PQsetvalue (self->libpq, (int) self->n_rows, (int) i, (char *) data[i], data[i] != NULL ? (int) lengths[i] : -1))
      return FALSE;
  self->n_rows++;
  return TRUE;
}

PgRawResult *
pg_raw_builder_end (PgRawBuilder *self, guint8 session)
{
  PgRawResult *result = pg_raw_result_new_take (g_steal_pointer (&self->libpq));

  /* Without columns libpq has none. */
  result->n_rows = self->n_rows;
  result->session = session;
  pg_raw_builder_free (self);
  return result;
}

void
pg_raw_builder_free (PgRawBuilder *self)
{
  PQclear (self->libpq);
  g_free (self);
}
