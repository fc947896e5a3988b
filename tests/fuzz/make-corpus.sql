-- SPDX-License-Identifier: LGPL-2.1-or-later
--
-- Makes corpus/codec.txt: values of every type as the server sends them, in both formats, with arrays, ranges and records of them.
--
--   _build/tests/pg-with-server -- sh -c 'psql -XqAt "$DATABASE_URL" -f tests/fuzz/make-corpus.sql' > codec.txt
--
-- The lines "found/..." of the corpus are not from here; keep them.
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, MDY';
SET client_min_messages = 'warning';

CREATE TEMP TABLE samples (id serial, type regtype, value text);

-- A line of values, separated by ¦.
CREATE FUNCTION pg_temp.add (type regtype, VARIADIC value_lines text[]) RETURNS void LANGUAGE sql AS
$$ INSERT INTO samples (type, value) SELECT $1, value FROM unnest($2) line, unnest(string_to_array(line, '¦')) value $$;

DO $do$
BEGIN
  PERFORM pg_temp.add('bool', 't¦f');
  PERFORM pg_temp.add('bytea', '\x¦\x00ff5c27');
  PERFORM pg_temp.add('"char"', 'a¦\377¦');
  PERFORM pg_temp.add('name', 'n¦a b"c');
  PERFORM pg_temp.add('int8', '9223372036854775807¦-9223372036854775808¦9007199254740993');
  PERFORM pg_temp.add('int2', '-32768¦32767');
  PERFORM pg_temp.add('int2vector', '¦1 -2 32767');
  PERFORM pg_temp.add('int4', '42¦-2147483648');
  PERFORM pg_temp.add('regproc', 'now');
  PERFORM pg_temp.add('text', '¦grüße €😀¦NULL¦a,b{}"\ ()[]');
  PERFORM pg_temp.add('oid', '4294967295¦0');
  PERFORM pg_temp.add('tid', '(4294967295,65535)');
  PERFORM pg_temp.add('xid', '4294967295');
  PERFORM pg_temp.add('cid', '1');
  PERFORM pg_temp.add('oidvector', '¦1 4294967295');
  PERFORM pg_temp.add('json', '{"a":  [1, null, "\u20ac"]}');
  PERFORM pg_temp.add('point', '(0,-0)¦(NaN,Infinity)¦(0.1,1e+300)');
  PERFORM pg_temp.add('lseg', '[(1,2),(3,4.5)]');
  PERFORM pg_temp.add('path', '((0,0),(1,1.5))¦[(0,0),(1,1.5),(2,3)]');
  PERFORM pg_temp.add('box', '(3,4.5),(1,2)');
  PERFORM pg_temp.add('polygon', '((0,0),(1,0.1),(0,1))');
  PERFORM pg_temp.add('line', '{1,-2.5,3}');
  PERFORM pg_temp.add('cidr', '10.0.0.0/8¦2001:db8::/32');
  PERFORM pg_temp.add('float4', '0.1¦-0¦3.4028235e+38¦1e-45¦NaN');
  PERFORM pg_temp.add('float8', '0.1¦-0¦1e+15¦123456789012345.67¦5e-324¦1.7976931348623157e+308¦-Infinity');
  PERFORM pg_temp.add('macaddr8', '08:00:2b:01:02:03:04:ff');
  PERFORM pg_temp.add('circle', '<(1,2.5),3>');
  PERFORM pg_temp.add('money', '-1234.56');
  PERFORM pg_temp.add('macaddr', '08:00:2b:01:02:ff');
  PERFORM pg_temp.add('inet', '192.168.0.1/24¦::ffff:1.2.3.4¦fe80::1/64¦1:0:0:2::/77');
  PERFORM pg_temp.add('aclitem', '=r/' || current_user);
  PERFORM pg_temp.add('bpchar', 'ab  ');
  PERFORM pg_temp.add('varchar', 'abc');
  PERFORM pg_temp.add('date', '2024-02-29¦infinity¦-infinity¦0044-03-15 BC¦5874897-12-31¦4714-11-24 BC');
  PERFORM pg_temp.add('time', '24:00:00¦12:34:56.789');
  PERFORM pg_temp.add('timestamp', '2024-02-29 12:34:56.5¦294276-12-31 23:59:59.999999¦4714-11-24 00:00:00 BC¦infinity');
  PERFORM pg_temp.add('timestamptz', '2024-02-29 12:34:56.000001+00¦0044-03-15 10:00:00+00 BC¦-infinity');
  PERFORM pg_temp.add('interval', '1 year 2 mons -3 days +04:05:06.7¦-178956970 years -8 mons -2147483648 days -2562047788:00:54.775807¦00:00:00¦-00:00:00.000001');
  PERFORM pg_temp.add('timetz', '24:00:00-15:59:59¦12:34:56.789+05:30');
  PERFORM pg_temp.add('varbit', '¦1¦101010101');
  PERFORM pg_temp.add('numeric', '0.00¦-123456789012345678901234567890.1234567890¦1e-20¦1e30¦NaN¦-Infinity¦9223372036854775807.000¦12345.6789');
  PERFORM pg_temp.add('refcursor', 'c');
  PERFORM pg_temp.add('regprocedure', 'now()');
  PERFORM pg_temp.add('regoper', '||/');
  PERFORM pg_temp.add('regoperator', '+(integer,integer)');
  PERFORM pg_temp.add('regclass', 'pg_class');
  PERFORM pg_temp.add('regtype', 'integer');
  PERFORM pg_temp.add('uuid', 'd6a0e6b0-1234-4000-8000-0123456789ab');
  PERFORM pg_temp.add('txid_snapshot', '10:20:10,14,15');
  PERFORM pg_temp.add('pg_lsn', '16/B374D848');
  PERFORM pg_temp.add('tsvector', '¦''a'':1A,2B,3C,4 ''b c'':5¦''it''''s'' ''ü'':16383');
  PERFORM pg_temp.add('tsquery', '¦''a'':AB & ''b'':* & ''c'':*CD¦''a'' & !( ''b'' | ''c'' ) <-> ''d''¦''a'' <3> ( ''b'' <-> !!''c'' )');
  PERFORM pg_temp.add('regconfig', 'english');
  PERFORM pg_temp.add('regdictionary', 'simple');
  PERFORM pg_temp.add('jsonb', '{"a": [1, 2.50, "x"]}¦null');
  PERFORM pg_temp.add('int4range', 'empty¦(,)¦[1,5)¦[7,)');
  PERFORM pg_temp.add('numrange', '[1.50,NaN]¦(-Infinity,1e30]');
  PERFORM pg_temp.add('tsrange', '["2024-01-01 12:34:56.7",infinity)');
  PERFORM pg_temp.add('tstzrange', '["2024-01-01 12:34:56.7+00",infinity)');
  PERFORM pg_temp.add('daterange', '["0044-03-15 BC",2024-03-01)');
  PERFORM pg_temp.add('int8range', '[1,9223372036854775807)');
  PERFORM pg_temp.add('jsonpath', '$."a"[*]?(@."x" > 2)');
  PERFORM pg_temp.add('regnamespace', 'pg_catalog');
  PERFORM pg_temp.add('regrole', current_user);
  PERFORM pg_temp.add('regcollation', '"C"');
  PERFORM pg_temp.add('int4multirange', '{}¦{[1,3),[5,8),[10,)}');
  PERFORM pg_temp.add('nummultirange', '{(,1.5],(2,3)}');
  PERFORM pg_temp.add('tsmultirange', '{["2024-01-01 12:34:56.7",infinity)}');
  PERFORM pg_temp.add('tstzmultirange', '{["2024-01-01 12:34:56.7+00",infinity)}');
  PERFORM pg_temp.add('datemultirange', '{[2024-01-01,2024-02-01),[2024-03-01,infinity)}');
  PERFORM pg_temp.add('int8multirange', '{[1,3),[5,8)}');
  PERFORM pg_temp.add('pg_snapshot', '10:20:10,14,15¦1:1:');
  PERFORM pg_temp.add('xid8', '18446744073709551615');
  PERFORM pg_temp.add('int4[]', '{}¦{{1,2,3},{4,5,6}}¦[0:1]={7,8}¦[2:2][-1:0]={{1,2}}¦{{{{{{1}}}}}}');
  PERFORM pg_temp.add('text[]', '{a,"b c","","NULL",NULL,"\"","\\","{",","}');
  -- xml, where the server was built with it.
  BEGIN
    PERFORM '<a/>'::text::xml;
    PERFORM pg_temp.add('xml', '<a>ü</a>');
  EXCEPTION WHEN feature_not_supported THEN NULL;
  END;
END
$do$;

-- A constant of the type, which is named as pg_type has it: a type's SQL name may mean a length.
CREATE FUNCTION pg_temp.constant (type oid, value text) RETURNS text LANGUAGE sql AS
$$ SELECT format('%L::%I', value, typname) FROM pg_type WHERE oid = type $$;

CREATE FUNCTION pg_temp.lines (type oid, expression text) RETURNS SETOF text LANGUAGE plpgsql AS
$$
DECLARE
  name text := (SELECT CASE WHEN typsend = 'array_send'::regproc THEN ltrim(typname, '_') || '[]' ELSE typname END FROM pg_type WHERE oid = type);
  send oid := (SELECT typsend FROM pg_type WHERE oid = type);
  prefix text := lpad(to_hex(type::int), 4, '0');
  hex text;
BEGIN
  EXECUTE format('SELECT encode(convert_to(format(''%%s'', %s), ''UTF8''), ''hex'')', expression) INTO hex;
  RETURN NEXT format('%s/text %s08ff%s', name, prefix, hex);
  IF send = 0 THEN
    RETURN;
  END IF;
  -- refcursor has text's function.
  SELECT CASE typtype WHEN 'b' THEN format('CAST(%s AS %I)', expression, typname) ELSE expression END INTO expression
    FROM pg_proc JOIN pg_type ON pg_type.oid = proargtypes[0] WHERE pg_proc.oid = send;
  BEGIN
    EXECUTE format('SELECT encode(%s(%s), ''hex'')', send::regproc, expression) INTO hex;
    RETURN NEXT format('%s/binary %s01ff%s', name, prefix, hex);
  EXCEPTION WHEN undefined_function THEN NULL; -- the elements have no binary form
  END;
END
$$;

SELECT '# SPDX-License-Identifier: LGPL-2.1-or-later';
SELECT '# Made by make-corpus.sql; the lines found/ are inputs that a fuzzer has found a defect with.';

SELECT pg_temp.lines(type, pg_temp.constant(type, value)) FROM samples ORDER BY id;

-- Arrays of all, with NULL, bounds and two dimensions.
SELECT pg_temp.lines(typarray, format('array_cat(''[0:0]={NULL}''::%I, ARRAY[%s])', (SELECT typname FROM pg_type a WHERE a.oid = pg_type.typarray), string_agg(pg_temp.constant(type, value), ', ' ORDER BY id)))
  FROM samples JOIN pg_type ON pg_type.oid = type WHERE typarray <> 0 GROUP BY type, pg_type.typarray ORDER BY typarray;

-- Records, flat and in each other.
SELECT pg_temp.lines('record'::regtype, format('ROW(%s)', string_agg(pg_temp.constant(type, value), ', ' ORDER BY id)))
  FROM samples WHERE type <> 'aclitem'::regtype GROUP BY id / 12 ORDER BY id / 12;
SELECT pg_temp.lines('record'::regtype, expression)
  FROM (VALUES ('ROW()'), ('ROW(NULL::int4)'), ('ROW(1, ROW(NULL, ''a b'', ROW(2.50)), ARRAY[ROW(1, ''x'')])')) v (expression);
SELECT pg_temp.lines('record[]'::regtype, 'ARRAY[ROW(1, ''a,b''), NULL, ROW(2, NULL)]');
