export const heading = 'Get started'
