-- CreateIndex
CREATE INDEX "events_of_shares_idx" ON "events"("share_id", "seq") WHERE (share_id IS NOT NULL);
