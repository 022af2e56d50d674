-- An answer was encrypted under the caller's key alone, which some callers choose so that it can be guessed. What was
-- kept that way is dropped: it was for the repeats of one day.
DELETE FROM "idempotency_keys" WHERE "response_cipher" IS NOT NULL;

ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_answer_check" CHECK (("response_cipher" IS NULL) = ("response_key_id" IS NULL));
