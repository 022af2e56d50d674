export { createAnswerChecker, type SeenAnswer } from './answer-checker.ts'
export { findTrpcFault, type SeenTrpcAnswer } from './trpc-answer-checker.ts'
