/**
 * Functions that no query may name, whoever owns them and whatever their catalog row says. What is volatile or runs as its
 * owner is refused by the catalog as well (call-rules.ts); this list gives the refusal before anything is dialled, and has
 * those that are declared stable and still run text as SQL or read whole tables.
 */
const names = new Set(
  [
    // Other sessions, settings, files, time.
    'set_config pg_sleep pg_sleep_for pg_sleep_until pg_terminate_backend pg_cancel_backend pg_reload_conf',
    'pg_rotate_logfile pg_notify pg_stat_file pg_current_logfile pg_promote pg_export_snapshot setseed',
    'nextval setval currval lastval txid_current pg_current_xact_id pg_switch_wal pg_stop_backup pg_start_backup',
    // SQL in a text, or whole tables as a document.
    'query_to_xml query_to_xmlschema query_to_xml_and_xmlschema cursor_to_xml cursor_to_xmlschema',
    'table_to_xml table_to_xmlschema table_to_xml_and_xmlschema schema_to_xml schema_to_xmlschema',
    'schema_to_xml_and_xmlschema database_to_xml database_to_xmlschema database_to_xml_and_xmlschema ts_stat',
    'crosstab crosstab2 crosstab3 crosstab4 crosstabn crosstab_hash connectby connectby_text xpath_table',
    'exec execute_sql run_command exec_sql pg_file_write pg_file_read pg_file_unlink pg_file_rename pg_file_sync',
    'loread lowrite currtid currtid2 pg_get_wal_record_info pg_get_wal_records_info',
  ]
    .join(' ')
    .split(' '),
)

const families = [
  'pg_read_',
  'pg_ls_',
  'pg_logical_',
  'pg_replication_',
  'pg_create_',
  'pg_drop_',
  'pg_advisory_',
  'pg_try_advisory_',
  'pg_wal_replay_',
  'pg_backup_',
  'pg_stat_reset',
  'pg_stat_statements_reset',
  'pg_log_',
  'pg_file',
  'pg_extension_',
  'binary_upgrade_',
  'dblink',
  'postgres_fdw',
  'lo_',
  'run_command_on_',
  'get_raw_page',
  'brin_',
  'gin_clean',
]

/** `name` as the parser folded and unescaped it. */
export function isForbiddenFunction(name: string): boolean {
  const folded = name.toLowerCase()
  return names.has(folded) || families.some((family) => folded.startsWith(family))
}

/**
 * Volatile functions of pg_catalog that change nothing: their value differs from call to call, or they look at the state
 * of the server or the size of a relation. Every other volatile function is refused.
 */
export const harmlessVolatileFunctions: readonly string[] = [
  'random random_normal clock_timestamp timeofday gen_random_uuid uuidv4 uuidv7',
  'array_sample array_shuffle',
  'pg_relation_size pg_table_size pg_indexes_size pg_total_relation_size pg_database_size pg_tablespace_size',
  'pg_is_in_recovery pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp',
  'pg_current_wal_lsn pg_current_wal_insert_lsn pg_current_wal_flush_lsn pg_is_wal_replay_paused',
  'pg_blocking_pids pg_safe_snapshot_blocking_pids pg_isolation_test_session_is_blocked',
  'pg_partition_tree pg_partition_ancestors pg_sequence_last_value pg_lock_status',
]
  .join(' ')
  .split(' ')
