-- Analytics now scores every campaign from 0 to 100; the score is computed from its metrics.
--
-- bravo-agent: new_field campaigns.performance_score, required -> warning, review.
-- Options: calculate from existing data, default value, make optional for now, custom
-- transformation.

ALTER TABLE campaigns ADD COLUMN performance_score numeric(5, 2);

UPDATE campaigns AS c
   SET performance_score = m.score
  FROM (SELECT campaign_id,
               round(least(100, 1000.0 * sum(clicks) / greatest(sum(impressions), 1)), 2) AS score
          FROM daily_metrics
         GROUP BY campaign_id) AS m
 WHERE m.campaign_id = c.id;

UPDATE campaigns SET performance_score = 0 WHERE performance_score IS NULL;

ALTER TABLE campaigns ALTER COLUMN performance_score SET NOT NULL;
