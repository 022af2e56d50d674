import fc from 'fast-check'
import { parse, serialize, type DefaultTreeAdapterTypes } from 'parse5'
import { describe, expect, it } from 'vitest'
import { BannerInjector } from './inject-banner.ts'

const banner = '<x-banner></x-banner>'

/** The output for a page in pieces, and the most that was held back between two of them. */
function inject(pieces: readonly string[], mustBeginAsPage = false, allows = true) {
  const injector = new BannerInjector(Buffer.from(banner), { mustBeginAsPage, allows: () => allows })
  let output = ''
  let taken = 0
  let heldMax = 0
  for (const piece of pieces) {
    taken += piece.length
    for (const out of injector.take(Buffer.from(piece, 'latin1'))) output += out.toString('latin1')
    if (!injector.isInjected) heldMax = Math.max(heldMax, taken - output.length)
  }
  for (const out of injector.finish()) output += out.toString('latin1')
  return { output, heldMax, isInjected: injector.isInjected }
}

function cut(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = []
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    pieces.push(text.slice(at, at + size))
    at += size
  }
  return pieces
}

type Node = DefaultTreeAdapterTypes.ParentNode

/** What a parser of the standard makes of a page, without banners; and where those stood. */
function readTree(html: string): { text: string; places: string[] } {
  const document = parse(html)
  const places: string[] = []
  const strip = (node: Node): void => {
    node.childNodes = node.childNodes.filter((child, at) => {
      if (child.nodeName === 'x-banner') places.push(`${node.nodeName} ${at}`)
      return child.nodeName !== 'x-banner'
    })
    for (const child of node.childNodes) {
      if ('childNodes' in child) strip(child)
      if ('content' in child) strip(child.content)
    }
  }
  strip(document)
  return { text: serialize(document), places }
}

const parts = [
  '<!doctype html>¦<!DOCTYPE html PUBLIC "a>b" "c">¦<html lang=en>¦<head>¦</head>¦</html>',
  '<body>¦<BODY class="a>b">¦<body onload=\'<body>\'>¦<body/>¦</body>¦<bo¦<bodyx>¦</br>',
  '<title>¦<title><body></title>¦</title>¦<script>¦</script>¦<script>"<body>"</script >',
  '<script><!--<script></script>--></script>¦<script><!--¦-->¦<style>¦<style>a{}<body></style>',
  '<!-- <body> -->¦<!--¦<!-->¦<!--->¦--!>¦<!x>¦<?php <body> ?>¦<![CDATA[<body>]]>',
  '<noscript>¦<noscript><body></noscript>¦<template>¦</template>¦<template><body></template>',
  '<textarea>¦</textarea>¦<svg>¦<select>¦<frameset>¦<plaintext>¦<noframes>¦</noframes>',
  '<meta charset=utf-8>¦<link rel=x href="<body>">¦<base href=/>¦<div id=root>¦</div>¦<p>',
  'text¦ ¦\n¦\r\n¦\t¦&amp;¦&#32;¦&nbsp¦&¦<¦>¦"¦=¦/¦\xe9¦</¦<>',
].flatMap((line) => line.split('¦'))
const pages = fc.oneof(
  fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((all) => all.join('')),
  fc
    .tuple(
      fc.constantFrom('', '<!doctype html><html><head>'),
      fc.array(fc.constantFrom(...parts), { maxLength: 8 }),
    )
    .map(([start, all]) => `${start}${all.join('')}<body>x`),
)
const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 })

describe('a page in any pieces', () => {
  it('is what it was, with one banner at the same place or none', () => {
    fc.assert(
      fc.property(pages, sizes, fc.boolean(), (page, sizes, mustBegin) => {
        const whole = inject([page], mustBegin)
        const { output } = inject(cut(page, sizes), mustBegin)
        expect(output).toBe(whole.output)
        expect(output.replace(banner, '')).toBe(page)
        expect(output.length).toBe(page.length + (whole.isInjected ? banner.length : 0))
      }),
      { numRuns: 10_000 },
    )
  })

  it('is the same tree for a parser of the standard, with the banner first in its body', () => {
    let injected = 0
    fc.assert(
      fc.property(
        pages.filter((page) => !page.includes('&#32;')),
        (page) => {
          const { output, isInjected } = inject([page])
          if (!isInjected) return
          injected += 1
          const tree = readTree(output)
          expect(tree.text).toBe(readTree(page).text)
          // A frameset takes the whole body away, the banner with it.
          if (tree.text.includes('<frameset>')) return
          expect(tree.places).toEqual(['body 0'])
        },
      ),
      { numRuns: 10_000 },
    )
    expect(injected).toBeGreaterThan(1_000)
  })

  it('of any bytes is never changed otherwise', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 60 }), sizes, (page, sizes) => {
        const { output } = inject(cut(page, sizes))
        expect(output.replace(banner, '')).toBe(page)
      }),
    )
  })
})

describe('the place of the banner', () => {
  const at = '|'
  it.each([
    ['<!doctype html><html><head><title>a</title></head><body class=x>|<p>'],
    ['\xef\xbb\xbf<!doctype html><body>|x'],
    ['<!doctype html><title>a</title>|<h1>x'],
    ['<!doctype html><title><body></title><p title="<body>">'.replace('<p', '|<p')],
    ['<!doctype html><script>document.write("<body>")</script><!-- <body> --><body>|'],
    ['<!doctype html><script><!-- <script></script> <body> --></script><body>|'],
    ['<!doctype html><html></head>\n<link rel=x>\n|text<body>'],
    ['<!doctype html><template><body><p></template><body data-a=">" data-b=\'>\'>|'],
    ['<!doctype html><title>never a body</title>\n|'],
    ['<!doctype html><head></head>|</body></html>'],
    ['\n<HTML><BODY\nbgcolor="white"\n>|x'],
  ])('%j', (marked) => {
    const page = marked.replace(at, '')
    expect(inject([page], true).output).toBe(marked.replace(at, banner))
    expect(inject([...page], true).output).toBe(marked.replace(at, banner))
  })

  it.each([
    ['a fragment, where the beginning decides', '<p>x'],
    ['a comment first', '<!-- a --><!doctype html><body>'],
    ['JSON', '{"a":"<html><body>"}'],
    ['text', 'hello'],
    ['nothing', ''],
    ['a frameset', '<!doctype html><frameset><frame></frameset>'],
    ['UTF-16', '\xff\xfe<\0h\0t\0m\0l\0>\0'],
    ['UTF-16 without a mark', '<\0h\0t\0m\0l\0>\0'],
    ['a charset that is no ASCII', '<!doctype html><meta charset=iso-2022-jp><body>'],
    ['an end within a tag', '<!doctype html><title>a</title><bod'],
    ['an end within a script', '<!doctype html><script>a'],
  ])('is nowhere in %s', (_name, page) => {
    expect(inject([page], true)).toMatchObject({ output: page, isInjected: false })
    expect(inject([...page], true)).toMatchObject({ output: page, isInjected: false })
  })

  it('is nowhere where a policy in the page forbids its style', () => {
    const page =
      '<!doctype html><meta http-equiv=Content-Security-Policy content="default-src \'self\'"><body>'
    expect(inject([page], true, false)).toMatchObject({ output: page })
    expect(inject([page], true, true).isInjected).toBe(true)
  })
})

describe('what is held back', () => {
  it('is a tag that has not ended, and nothing else', () => {
    const head = `<!doctype html><title>a</title><style>${'.a{}'.repeat(1_000)}</style><script>${'a;'.repeat(1_000)}`
    expect(inject(cut(head, [100])).heldMax).toBeLessThan(16)
    expect(inject(['<!doctype html><title>a</title>', '\n<h', '1>']).heldMax).toBe(3)
  })

  it('never exceeds 64 KiB: a longer tag passes, without a banner', () => {
    const page = `<!doctype html><meta content="${'a'.repeat(100_000)}"><body>`
    const { output, heldMax } = inject(cut(page, [8_192]))
    expect(output).toBe(page)
    expect(heldMax).toBeLessThanOrEqual(65_536)
  })

  it('is nothing in a head of any length', () => {
    const page = `<!doctype html><style>${'.a{b:c}'.repeat(70_000)}</style><body>`
    const { isInjected, heldMax } = inject(cut(page, [16_384]))
    expect(isInjected).toBe(true)
    expect(heldMax).toBeLessThan(64)
  })
})
