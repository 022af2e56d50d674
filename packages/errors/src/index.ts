export { errorTable, type ErrorCode, type ErrorRow } from './error-table.ts'
export { AppError, toAppError, type AppErrorOptions, type ErrorIssue } from './app-error.ts'
export { toErrorResponse, type ErrorBody, type ErrorResponse } from './error-body.ts'
