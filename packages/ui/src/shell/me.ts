/** Who is signed in, and to which workspace. */
export interface Me {
  readonly user: { readonly id: string; readonly email: string } | null
  readonly workspace: { readonly id: string; readonly name: string }
}
