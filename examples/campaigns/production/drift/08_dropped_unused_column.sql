-- The codes of the system before this one are of no use any more.
--
-- bravo-agent: dropped_field campaigns.legacy_code, in the model but used nowhere -> warning,
-- review.

ALTER TABLE campaigns DROP COLUMN legacy_code;
