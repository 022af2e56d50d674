/** What stands in the place of a masked value, in every engine; NULL stays NULL. */
export const maskedValue = '***'
