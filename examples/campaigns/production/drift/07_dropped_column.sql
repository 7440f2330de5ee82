-- The ad network stopped to deliver quality scores.
--
-- bravo-agent: dropped_field ad_groups.quality_score, used in code (calculations.effective_bid,
-- rounding, serializers, validation, the API) -> breaking, block until the uses are settled.

ALTER TABLE ad_groups DROP COLUMN quality_score;
