-- Webhooks deliver: each reads its workspace's events from its own cursor, an endpoint that fails is probed, and one that
-- asks for a pause gets it. A delivery outlives its event, so it holds what it needs itself.
ALTER TYPE "delivery_status" RENAME VALUE 'held' TO 'cancelled';
ALTER TYPE "delivery_status" RENAME VALUE 'failed' TO 'exhausted';

ALTER TABLE "webhooks"
  ADD COLUMN "event_cursor" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "paused_until" TIMESTAMPTZ(3),
  ADD COLUMN "probe_at" TIMESTAMPTZ(3);

ALTER TABLE "deliveries" DROP CONSTRAINT "deliveries_event_id_fkey";
ALTER TABLE "deliveries"
  ADD COLUMN "last_attempt_at" TIMESTAMPTZ(3),
  ADD COLUMN "schedule_step" INTEGER NOT NULL DEFAULT 0;
DROP INDEX "deliveries_due_idx";
DROP INDEX "deliveries_event_id_idx";
DROP INDEX "deliveries_webhook_id_created_at_id_idx";
CREATE INDEX "deliveries_webhook_id_id_idx" ON "deliveries"("webhook_id", "id");
CREATE INDEX "deliveries_due_idx" ON "deliveries"("webhook_id", "next_attempt_at") WHERE ("settled_at" IS NULL);
CREATE INDEX "deliveries_settled_at_idx" ON "deliveries"("settled_at");
CREATE UNIQUE INDEX "deliveries_webhook_id_event_id_key" ON "deliveries"("webhook_id", "event_id");

-- Mails to a workspace's owners, which are off unless they are asked for, and what was mailed already.
ALTER TABLE "workspaces"
  ADD COLUMN "mails_agent_offline" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "mails_share_expiring" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "agents" ADD COLUMN "offline_mailed_at" TIMESTAMPTZ(3);
ALTER TABLE "shares" ADD COLUMN "expiry_mailed_for" TIMESTAMPTZ(3);
CREATE INDEX "events_of_agents_idx" ON "events"("agent_id", "seq") WHERE ("agent_id" IS NOT NULL);
