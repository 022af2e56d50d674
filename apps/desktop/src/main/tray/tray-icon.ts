import type { DesktopState } from '@private-connect/ui/desktop'
import { nativeImage, type NativeImage } from 'electron'
import type { TrayGround } from './tray-ground.ts'

/** Drawn by `packaging/make-tray-icons.ts`; inside the program, so that it matters not how the app is packed. */
const pictures = import.meta.glob<string>('./icons/*.png', {
  query: '?inline',
  import: 'default',
  eager: true,
})

/** The icon at the size of a tray, and at twice it. */
export function createTrayIcon(status: DesktopState['connection'], ground: TrayGround): NativeImage {
  const name = `./icons/${status}-${ground}`
  const image = nativeImage.createEmpty()
  image.addRepresentation({ scaleFactor: 1, dataURL: pictures[`${name}.png`] ?? '' })
  image.addRepresentation({ scaleFactor: 2, dataURL: pictures[`${name}@2x.png`] ?? '' })
  image.setTemplateImage(ground === 'template')
  return image
}
