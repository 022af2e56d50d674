export { createAnswerChecker, type SeenAnswer } from './answer-checker.ts'
