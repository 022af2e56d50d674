export { errorTable, type ErrorCode, type ErrorRow } from './error-table.ts'
export { AppError, toAppError, type AppErrorOptions, type ErrorIssue, type QueryFault } from './app-error.ts'
export { toErrorResponse, type ErrorBody, type ErrorResponse } from './error-body.ts'
