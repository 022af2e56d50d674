-- CreateIndex
CREATE INDEX "access_logs_share_id_id_idx" ON "access_logs"("share_id", "id" DESC);
