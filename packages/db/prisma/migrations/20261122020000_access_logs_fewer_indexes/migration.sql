-- Four B-trees were half of what PostgreSQL did for a row. A share's rows are read by time and by id; nothing reads by id
-- alone or by workspace. The new key takes the place of two indexes. Rows of one millisecond share an entry of the index
-- by time, which is a tenth of the size then. Before the first release the table is small, so building both is short.
-- DropIndex
DROP INDEX "access_logs_share_id_id_idx";

-- DropIndex
DROP INDEX "access_logs_share_id_timestamp_id_idx";

-- DropIndex
DROP INDEX "access_logs_workspace_id_timestamp_id_idx";

-- AlterTable
ALTER TABLE "access_logs" DROP CONSTRAINT "access_logs_pkey",
ADD CONSTRAINT "access_logs_pkey" PRIMARY KEY ("share_id", "id");

-- CreateIndex
CREATE INDEX "access_logs_share_id_timestamp_idx" ON "access_logs"("share_id", "timestamp");
