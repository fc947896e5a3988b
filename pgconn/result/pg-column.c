/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-column-private.h>

#include <pgconn/types/pg-type-table-private.h>

/**
 * PgColumn:
 *
 * What the server says of one column of a result: its name, its type and where it comes from.
 *
 * A column is immutable, keeps nothing of its result alive, and may be read from any thread. Sizes, precision and scale come from the type
 * modifier, which the server only sends where a column's or a cast's declaration has one: `numeric(10,2)`, but not the sum of such columns. For a
 * column of arrays they are those of the elements.
 *
 * See "Row Description" in "Message Formats", "Frontend/Backend Protocol" in the PostgreSQL manual.
 *
 * Since: 1.0
 */
struct _PgColumn
{
  gatomicrefcount ref_count;
  PgFormat format;
  char *name;
  char *type_display;
  guint32 type;
  gint32 modifier;
  gint32 internal_size;
  guint32 table;
  int table_column;
  int display_size;
  int precision;
  int scale;
  gboolean has_scale;
  gboolean has_loader;
  gboolean has_nested_loader;
};

G_DEFINE_BOXED_TYPE (PgColumn, pg_column, pg_column_ref, pg_column_unref)

/* The type modifier's meaning is the type's own: these are the types, with their arrays, whose modifiers carry a size, precision or scale. */
typedef enum
{
  MODIFIER_NONE,
  MODIFIER_NUMERIC,
  MODIFIER_CHARACTER,
  MODIFIER_BIT,
  MODIFIER_TIME,
} ModifierKind;

static ModifierKind
modifier_kind (guint32 type)
{
  switch (type)
    {
    case 1700: /* numeric */
    case 1231:
      return MODIFIER_NUMERIC;

    case 1042: /* bpchar */
    case 1014:
    case 1043: /* varchar */
    case 1015:
      return MODIFIER_CHARACTER;

    case 1560: /* bit */
    case 1561:
    case 1562: /* varbit */
    case 1563:
      return MODIFIER_BIT;

    case 1083: /* time */
    case 1183:
    case 1266: /* timetz */
    case 1270:
    case 1114: /* timestamp */
    case 1115:
    case 1184: /* timestamptz */
    case 1185:
    case 1186: /* interval */
    case 1187:
      return MODIFIER_TIME;

    default:
      return MODIFIER_NONE;
    }
}

/* What the server adds to the modifiers of numeric and of the character types: the size of a length word. */
#define MODIFIER_OFFSET 4
#define NUMERIC_PRECISION_SHIFT 16
#define NUMERIC_SCALE_MASK 0x7ff
#define NUMERIC_SCALE_SIGN 0x400
#define TIME_PRECISION_MASK 0xffff
/* An interval with restricted fields but no precision: "interval day to hour". */
#define TIME_PRECISION_FULL 0xffff

static void
pg_column_read_modifier (PgColumn *self)
{
  gint32 modifier = self->modifier;

  self->display_size = -1;
  self->precision = -1;

  if (modifier < 0)
    return;

  switch (modifier_kind (self->type))
    {
    case MODIFIER_NUMERIC:
      if (modifier < MODIFIER_OFFSET)
        return;
      modifier -= MODIFIER_OFFSET;
      self->precision = modifier >> NUMERIC_PRECISION_SHIFT;
      self->scale = ((modifier & NUMERIC_SCALE_MASK) ^ NUMERIC_SCALE_SIGN) - NUMERIC_SCALE_SIGN;
      self->has_scale = TRUE;
      return;

    case MODIFIER_CHARACTER:
      if (modifier >= MODIFIER_OFFSET)
        self->display_size = modifier - MODIFIER_OFFSET;
      return;

    case MODIFIER_BIT:
      self->display_size = modifier;
      return;

    case MODIFIER_TIME:
      if ((modifier & TIME_PRECISION_MASK) != TIME_PRECISION_FULL)
        self->precision = modifier & TIME_PRECISION_MASK;
      return;

    case MODIFIER_NONE:
    default:
      return;
    }
}

static char *
pg_column_make_type_display (PgColumn *self, const PgTypeTable *types)
{
  const PgCodec *codec = pg_type_table_lookup (types, self->type);
  const char *name;
  int length;
  const char *brackets;

  if (codec == NULL)
    return g_strdup_printf ("%u", self->type);

  name = pg_codec_get_name (codec);
  length = (int) strlen (name);
  brackets = "";
  if (g_str_has_suffix (name, "[]"))
    {
      length -= 2;
      brackets = "[]";
    }

  if (self->has_scale)
    return g_strdup_printf ("%.*s(%d,%d)%s", length, name, self->precision, self->scale, brackets);
  if (self->precision >= 0)
    return g_strdup_printf ("%.*s(%d)%s", length, name, self->precision, brackets);
  if (self->display_size >= 0)
    return g_strdup_printf ("%.*s(%d)%s", length, name, self->display_size, brackets);

  return g_strdup (name);
}

PgColumn *
pg_column_new (PgRawResult *raw, guint column, const PgTypeTable *types)
{
  PgColumn *self = g_new0 (PgColumn, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->name = g_utf8_make_valid (pg_raw_result_get_column_name (raw, column), -1);
  self->type = pg_raw_result_get_column_type (raw, column);
  self->modifier = pg_raw_result_get_column_modifier (raw, column);
  self->internal_size = pg_raw_result_get_column_size (raw, column);
  self->table = pg_raw_result_get_column_table (raw, column);
  self->table_column = pg_raw_result_get_column_table_column (raw, column);
  self->format = pg_raw_result_get_column_format (raw, column);
  pg_column_read_modifier (self);
  self->type_display = pg_column_make_type_display (self, types);
  self->has_loader = pg_type_table_get_loader (types, self->type, self->format) != NULL || pg_type_table_get_enum (types, self->type) != G_TYPE_INVALID;
  self->has_nested_loader = !self->has_loader && pg_type_table_has_loader (types, self->type, self->format);

  return self;
}

/**
 * pg_column_ref:
 * @self: a column
 *
 * Adds a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgColumn *
pg_column_ref (PgColumn *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_column_unref:
 * @self: (transfer full): a column
 *
 * Drops a reference; the last one frees the column.
 *
 * Since: 1.0
 */
void
pg_column_unref (PgColumn *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->name);
  g_free (self->type_display);
  g_free (self);
}

/**
 * pg_column_get_name:
 * @self: a column
 *
 * The column's name or alias; `?column?` is what the server calls a column without one.
 *
 * Several columns of a result may have the same name. Bytes that are not UTF-8, which only a server with the encoding `SQL_ASCII` sends, are
 * replaced by U+FFFD.
 *
 * Returns: the name
 *
 * Since: 1.0
 */
const char *
pg_column_get_name (PgColumn *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * pg_column_get_type_oid:
 * @self: a column
 *
 * The OID of the column's type, as in the catalogue `pg_type`.
 *
 * Returns: the OID
 *
 * Since: 1.0
 */
guint32
pg_column_get_type_oid (PgColumn *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->type;
}

/**
 * pg_column_get_type_display:
 * @self: a column
 *
 * The column's type for a person to read: `int8`, `numeric(10,2)`, `varchar(20)`, `timestamptz(3)`, `int4[]`, `bit(5)`.
 *
 * The name is the catalogue's (`pg_type.typname`), not the SQL standard's. A type that is neither one of PostgreSQL's own nor known from a
 * [class@AdaptersMap] is shown by its OID: `16402`.
 *
 * Returns: the type's name with its modifiers
 *
 * Since: 1.0
 */
const char *
pg_column_get_type_display (PgColumn *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->type_display;
}

/**
 * pg_column_has_loader:
 * @self: a column
 *
 * Whether a loader reads the values of the column, or they are of an enum that was registered: see [class@AdaptersMap].
 *
 * Returns: `TRUE` if so
 *
 * Since: 1.0
 */
gboolean
pg_column_has_loader (PgColumn *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->has_loader;
}

/**
 * pg_column_has_nested_loader:
 * @self: a column
 *
 * Whether a loader reads something that the values of the column have in them: the elements of arrays, the fields of records, the bounds of ranges.
 *
 * Elements and the like of an enum that was registered count as such. It may be so of records of the type `record` in binary, whose fields can be of
 * any type, where there are loaders at all.
 *
 * Returns: `TRUE` if so; `FALSE` if not, or where [method@Column.has_loader] is
 *
 * Since: 1.0
 */
gboolean
pg_column_has_nested_loader (PgColumn *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->has_nested_loader;
}

/**
 * pg_column_get_type_modifier:
 * @self: a column
 *
 * The type modifier as the server sent it, `pg_attribute.atttypmod`; its meaning is the type's own.
 *
 * [method@Column.get_display_size], [method@Column.get_precision] and [method@Column.get_scale] interpret it for the built-in types.
 *
 * Returns: the modifier, -1 where there is none
 *
 * Since: 1.0
 */
int
pg_column_get_type_modifier (PgColumn *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->modifier;
}

/**
 * pg_column_get_display_size:
 * @self: a column
 *
 * The greatest length of a value: *n* characters of a `varchar(n)` or `char(n)`, *n* bits of a `bit(n)` or `varbit(n)`.
 *
 * Returns: the length, -1 where there is none
 *
 * Since: 1.0
 */
int
pg_column_get_display_size (PgColumn *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->display_size;
}

/**
 * pg_column_get_internal_size:
 * @self: a column
 *
 * The number of bytes that a value of the type takes on the server, `pg_type.typlen`: 8 for an `int8`.
 *
 * Returns: the size in bytes, -1 for a type of variable length
 *
 * Since: 1.0
 */
int
pg_column_get_internal_size (PgColumn *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->internal_size >= 0 ? self->internal_size : -1;
}

/**
 * pg_column_get_precision:
 * @self: a column
 *
 * The declared precision: the number of significant digits of a `numeric(p,s)`, the number of digits of the second's fraction of a `time(p)`,
 * `timetz(p)`, `timestamp(p)`, `timestamptz(p)` or `interval(p)`.
 *
 * Returns: the precision, -1 where none is declared
 *
 * Since: 1.0
 */
int
pg_column_get_precision (PgColumn *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->precision;
}

/**
 * pg_column_has_scale:
 * @self: a column
 *
 * Whether a scale is declared: the column is a `numeric(p,s)`.
 *
 * Returns: whether [method@Column.get_scale] has a meaning
 *
 * Since: 1.0
 */
gboolean
pg_column_has_scale (PgColumn *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->has_scale;
}

/**
 * pg_column_get_scale:
 * @self: a column
 *
 * The declared number of decimal digits after the point of a `numeric(p,s)`.
 *
 * From PostgreSQL 15 on it may be negative: a `numeric(3,-2)` is rounded to hundreds. So ask [method@Column.has_scale] whether there is one.
 *
 * Returns: the scale, 0 where none is declared
 *
 * Since: 1.0
 */
int
pg_column_get_scale (PgColumn *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->scale;
}

/**
 * pg_column_get_table_oid:
 * @self: a column
 *
 * The OID of the table that the column is read from, as in the catalogue `pg_class`.
 *
 * Returns: the OID, 0 where the column is not simply a table's
 *
 * Since: 1.0
 */
guint32
pg_column_get_table_oid (PgColumn *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->table;
}

/**
 * pg_column_get_table_column:
 * @self: a column
 *
 * The column's number in its table, `pg_attribute.attnum`: from 1 on, negative for the system columns as `ctid`.
 *
 * Returns: the number, 0 where the column is not simply a table's
 *
 * Since: 1.0
 */
int
pg_column_get_table_column (PgColumn *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->table_column;
}

/**
 * pg_column_get_format:
 * @self: a column
 *
 * How the column's values came over the wire.
 *
 * Values read the same in either format; only [method@Result.get_text] depends on it.
 *
 * Returns: the format
 *
 * Since: 1.0
 */
PgFormat
pg_column_get_format (PgColumn *self)
{
  g_return_val_if_fail (self != NULL, PG_FORMAT_TEXT);

  return self->format;
}
