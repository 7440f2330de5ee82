-- A daily budget may soon be a share as well as an amount, so the column says what it is.
--
-- bravo-agent: campaigns.daily_budget is gone and campaigns.daily_budget_amount is new, same type,
-- same values -> renamed_field, breaking, review with score and evidence (never auto-approved as
-- drop + add). Declared as a rename in bravo.toml: info, auto-approve.

ALTER TABLE campaigns RENAME COLUMN daily_budget TO daily_budget_amount;
