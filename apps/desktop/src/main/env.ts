/** The only reader of the environment. `npm run dev` names the development server here; a packed app ignores it. */
export function readEnv(isPackaged: boolean): { readonly developmentUrl: string | undefined } {
  const url = process.env['ELECTRON_RENDERER_URL']
  return Object.freeze({ developmentUrl: isPackaged || url === undefined || url === '' ? undefined : url })
}
