'use server'

// Next.js compares Origin with the host before it runs this.
export async function greet(_previous, form) {
  return `Hello ${form.get('name')}`
}
