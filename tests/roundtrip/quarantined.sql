-- What MongoDB cannot hold, beside what it can: ids under 100 are quarantined.
create table numerics (id int primary key, n numeric, many numeric[]);
insert into numerics values
  (1, 1234567890123456789012345678901234567890, null), (2, 0.1234567890123456789012345678901234567890, null),
  (3, 1, '{1,12345678901234567890123456789012345}'), (4, 1e-6177, null), (5, 1, '{{1},{1e-6177}}'),
  (101, 1234567890123456789012345678901234, '{1}'), (102, 1e-6176, '{{1},{2}}'), (103, null, null);
create table numeric_keys (k numeric primary key, id int);
insert into numeric_keys values (1234567890123456789012345678901234567890, 101), (1.5, 102);
create table jsons (id int primary key, j json, many json[]);
insert into jsons values
  (1, '"\ud800"', null), (2, '{"a": ["\udc00\ud800"]}', null), (3, '{"\ud800": 1}', null), (4, '[1e7000]', null),
  (5, '12345678901234567890123456789012345', null), (6, ('{"a":' || repeat('[', 200) || repeat(']', 200) || '}')::json, null),
  (7, '1', array['"\udfff"'::json]),
  (101, '"\ud83d\ude42"', null), (102, '"\\ud800 is text"', null), (103, '"\u0000"', '{}');
create table infinities (id int primary key, d date, t timestamp, z timestamptz, many date[]);
insert into infinities values
  (1, 'infinity', null, null, null), (2, null, '-infinity', null, null), (3, null, null, 'infinity', null), (4, null, null, null, '{2024-01-01,infinity}'),
  (101, '2024-01-01', '2024-01-01', '2024-01-01Z', '{2024-01-01,NULL}');
create table spans (id int primary key, r tsrange, c numrange);
insert into spans values (1, '[2024-01-01,infinity)', null), (2, null, '[0,1234567890123456789012345678901234567890]'), (101, '(,)', '[1,2]');
create table large (id int primary key, t text, u text);
insert into large values (1, repeat('x', 17000000), ''), (2, repeat('x', 9000000), repeat('y', 9000000)), (101, repeat('x', 15000000), 'y');
create table no_key (id int, n numeric);
insert into no_key values (1, 1e-6177), (101, 1), (101, 1);
