/** Where a user of the command line names the hub. */
export const whereHubIsGiven = ' with --hub or PRIVATE_CONNECT_HUB'
