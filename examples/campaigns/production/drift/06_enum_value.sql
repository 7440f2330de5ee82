-- New campaigns pass a review before they run, and some that run are reviewed again.
--
-- bravo-agent: enum value campaign_status 'pending_review' added; CampaignStatus is a closed enum
-- for its readers -> breaking, review.

-- A new value may only be used after the transaction that added it.
BEGIN;
ALTER TYPE campaign_status ADD VALUE 'pending_review' AFTER 'draft';
COMMIT;

UPDATE campaigns SET status = 'pending_review' WHERE status = 'draft' OR id % 10 = 3;
