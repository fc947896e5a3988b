/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-codec-ops-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-oids.h>

/* tsvector, tsquery: see tsvectorsend() and tsquerysend() in src/backend/utils/adt/tsvector.c and tsquery.c of PostgreSQL */

/* The zero byte at the end of the string that begins at the offset; 0, where no string can end, if there is none. */
static gsize
find_end (const PgWireValue *value, gsize at)
{
  const guint8 *end = at < value->length ? memchr (value->data + at, 0, value->length - at) : NULL;

  return end != NULL ? (gsize) (end - value->data) : 0;
}

/* In quotes; FALSE if it is not UTF-8. */
static gboolean
append_lexeme (const PgWireValue *value, GString *text, gsize start, gsize end, GError **error)
{
  if (!pg_codec_check_text (value, value->data + start, end - start, error))
    return FALSE;
  g_string_append_c (text, '\'');
  for (gsize i = start; i < end; i++)
    {
      char c = (char) value->data[i];

      if (c == '\'' || c == '\\')
        g_string_append_c (text, c);
      g_string_append_c (text, c);
    }
  g_string_append_c (text, '\'');
  return TRUE;
}

static char *
fail (const PgWireValue *value, const char *reason, GError **error)
{
  pg_codec_fail (value, reason, error);
  return NULL;
}

/* The number of lexemes; each is a string, the number of its positions, and these, of which the upper two bits are the weight. */
static char *
tsvector_binary_to_text (const PgWireValue *value, GError **error)
{
  static const char weights[] = "\0CBA";
  g_autoptr (GString) text = g_string_new (NULL);
  gsize at = 4;
  guint32 n;

  if (value->length < 4)
    return fail (value, _("its length is wrong"), error);
  n = pg_wire_get_uint32 (value->data);
  for (guint32 i = 0; i < n; i++)
    {
      gsize end = find_end (value, at);
      guint n_positions;

      if (end == 0 || value->length - end < 3)
        return fail (value, _("its length is wrong"), error);
      if (i > 0)
        g_string_append_c (text, ' ');
      if (!append_lexeme (value, text, at, end, error))
        return NULL;
      n_positions = pg_wire_get_uint16 (value->data + end + 1);
      at = end + 3;
      if ((value->length - at) / 2 < n_positions)
        return fail (value, _("its length is wrong"), error);
      for (guint p = 0; p < n_positions; p++, at += 2)
        {
          guint16 position = pg_wire_get_uint16 (value->data + at);

          g_string_append_printf (text, "%c%u", p == 0 ? ':' : ',', position & 0x3fff);
          if (position >> 14 != 0)
            g_string_append_c (text, weights[position >> 14]);
        }
    }
  if (at != value->length)
    return fail (value, _("its length is wrong"), error);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

const PgCodecOps pg_codec_ops_tsvector = {
  .variant_type = "s",
  .binary_to_text = tsvector_binary_to_text,
};

enum
{
  ITEM_VALUE = 1,
  ITEM_OPERATOR = 2,
};

/* In the order of their precedence, but NOT, which comes first. */
enum
{
  OPERATOR_NOT = 1,
  OPERATOR_AND = 2,
  OPERATOR_OR = 3,
  OPERATOR_PHRASE = 4,
};

/* One item: a lexeme, or an operator, after which come its right and then its left operand. */
typedef struct
{
  guint8 kind;
  guint8 operator;
  guint8 weight;
  gboolean prefix;
  gint16 distance;
  gsize start; /* of the lexeme */
  gsize end;
  gsize left; /* the item that is the left operand of an operator that has two */
} Item;

static int
get_priority (const Item *item)
{
  switch (item->operator)
    {
    case OPERATOR_OR:
      return 1;
    case OPERATOR_AND:
      return 2;
    case OPERATOR_PHRASE:
      return 3;
    default:
      return 4;
    }
}

static gboolean
read_items (const PgWireValue *value, Item *items, gsize n, GError **error)
{
  const guint8 *data = value->data;
  gsize at = 4;

  for (gsize i = 0; i < n; i++)
    {
      Item *item = &items[i];

      if (value->length - at < 2)
        return pg_codec_fail (value, _("its length is wrong"), error);
      item->kind = data[at];
      if (item->kind == ITEM_VALUE)
        {
          item->weight = data[at + 1];
          item->start = at + 3;
          item->end = find_end (value, at + 3);
          if (value->length - at < 4 || item->end == 0)
            return pg_codec_fail (value, _("its length is wrong"), error);
          item->prefix = data[at + 2] != 0;
          if (item->weight > 15 || data[at + 2] > 1)
            return pg_codec_fail (value, _("an item of it is not valid"), error);
          at = item->end + 1;
        }
      else if (item->kind == ITEM_OPERATOR && data[at + 1] >= OPERATOR_NOT && data[at + 1] <= OPERATOR_PHRASE)
        {
          item->operator = data[at + 1];
          at += 2;
          if (item->operator == OPERATOR_PHRASE)
            {
              if (value->length - at < 2)
                return pg_codec_fail (value, _("its length is wrong"), error);
              item->distance = (gint16) pg_wire_get_uint16 (data + at);
              at += 2;
            }
        }
      else
        return pg_codec_fail (value, _("an item of it is not valid"), error);
    }
  return at == value->length || pg_codec_fail (value, _("its length is wrong"), error);
}

/* Finds the operands by going through the items from the last to the first, with the starts of those that are whole on a
 * stack. FALSE unless it is one tree. */
static gboolean
link_items (Item *items, gsize n)
{
  g_autofree gsize *stack = g_new (gsize, n);
  gsize depth = 0;

  for (gsize i = n; i-- > 0;)
    {
      if (items[i].kind == ITEM_OPERATOR)
        {
          gsize operands = items[i].operator == OPERATOR_NOT ? 1 : 2;

          if (depth < operands)
            return FALSE;
          /* The right operand is on top. */
          if (operands == 2)
            items[i].left = stack[depth - 2];
          depth -= operands;
        }
      stack[depth++] = i;
    }
  return depth == 1;
}

/* What is still to be written: an item, or the text between or after two. */
typedef struct
{
  const Item *item; /* NULL: only text */
  int parent_priority;
  gboolean right_of_phrase;
  const Item *operator; /* to be written before the item, with blanks */
  gboolean close;       /* or a parenthesis */
} Task;

static void
append_operator (GString *text, const Item *operator)
{
  if (operator->operator == OPERATOR_OR)
    g_string_append (text, " | ");
  else if (operator->operator == OPERATOR_AND)
    g_string_append (text, " & ");
  else if (operator->distance == 1)
    g_string_append (text, " <-> ");
  else
    g_string_append_printf (text, " <%d> ", operator->distance);
}

static gboolean
append_value (const PgWireValue *value, GString *text, const Item *item, GError **error)
{
  if (!append_lexeme (value, text, item->start, item->end, error))
    return FALSE;
  if (item->weight != 0 || item->prefix)
    g_string_append_c (text, ':');
  if (item->prefix)
    g_string_append_c (text, '*');
  for (guint i = 0; i < 4; i++)
    if ((item->weight & 8 >> i) != 0)
      g_string_append_c (text, "ABCD"[i]);
  return TRUE;
}

/* Without recursion: how deep it would go is what the value says. */
static char *
write_items (const PgWireValue *value, const Item *items, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GArray) tasks = g_array_new (FALSE, FALSE, sizeof (Task));
  Task task = { .item = items, .parent_priority = -1 };

  g_array_append_val (tasks, task);
  while (tasks->len > 0)
    {
      const Item *item;
      int priority;

      task = g_array_index (tasks, Task, tasks->len - 1);
      g_array_set_size (tasks, tasks->len - 1);
      item = task.item;
      if (task.operator != NULL)
        append_operator (text, task.operator);
      if (task.close)
        g_string_append (text, " )");
      if (item == NULL)
        continue;
      if (item->kind == ITEM_VALUE)
        {
          if (!append_value (value, text, item, error))
            return NULL;
          continue;
        }

      priority = get_priority (item);
      if (priority < task.parent_priority || (item->operator == OPERATOR_PHRASE && task.right_of_phrase))
        {
          Task closing = { .close = TRUE };

          g_string_append (text, "( ");
          g_array_append_val (tasks, closing);
        }
      if (item->operator == OPERATOR_NOT)
        {
          Task operand = { .item = item + 1, .parent_priority = priority };

          g_string_append_c (text, '!');
          g_array_append_val (tasks, operand);
        }
      else
        {
          Task right = {
            .item = item + 1,
            .parent_priority = priority,
            .right_of_phrase = item->operator == OPERATOR_PHRASE,
            .operator = item,
          };
          Task left = { .item = &items[item->left], .parent_priority = priority };

          g_array_append_val (tasks, right);
          g_array_append_val (tasks, left);
        }
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
tsquery_binary_to_text (const PgWireValue *value, GError **error)
{
  g_autofree Item *items = NULL;
  guint32 n;

  if (value->length < 4)
    return fail (value, _("its length is wrong"), error);
  n = pg_wire_get_uint32 (value->data);
  if (n == 0 && value->length == 4)
    return g_strdup ("");
  /* An item has at least two bytes: no more memory is taken than the value's own size accounts for. */
  if (n == 0 || n > (value->length - 4) / 2)
    return fail (value, _("its length is wrong"), error);
  items = g_new0 (Item, n);
  if (!read_items (value, items, n, error))
    return NULL;
  if (!link_items (items, n))
    return fail (value, _("its operators and operands do not match"), error);
  return write_items (value, items, error);
}

const PgCodecOps pg_codec_ops_tsquery = {
  .variant_type = "s",
  .binary_to_text = tsquery_binary_to_text,
};
