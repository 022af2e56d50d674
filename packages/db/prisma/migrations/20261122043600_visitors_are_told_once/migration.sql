-- Sessions of visitors were never written: who has visited lately is one row for each visitor of a share.
DROP TABLE "visitor_sessions";
DROP TABLE "visitors";

CREATE TABLE "visitors" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "share_id" TEXT NOT NULL,
    "ip_address" TEXT NOT NULL,
    "is_bot" BOOLEAN NOT NULL DEFAULT false,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "visitors_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "visitors_workspace_id_idx" ON "visitors"("workspace_id");
CREATE INDEX "visitors_last_seen_at_idx" ON "visitors"("last_seen_at");

ALTER TABLE "visitors" ADD CONSTRAINT "visitors_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "agents" ADD COLUMN "is_told_online" BOOLEAN NOT NULL DEFAULT false;

CREATE INDEX "agents_told_online_idx" ON "agents"("id") WHERE (is_told_online = true);
