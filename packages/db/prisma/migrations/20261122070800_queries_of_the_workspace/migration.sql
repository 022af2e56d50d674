-- AlterTable
ALTER TABLE "query_audits" ADD COLUMN     "actor_id" TEXT;
