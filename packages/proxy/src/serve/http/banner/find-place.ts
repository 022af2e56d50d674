import { Tokenizer, TokenizerMode, type Token } from 'parse5'

/**
 * Where the banner goes, as an offset into everything that was taken, behind the white space that stands there where so
 * said; or that it goes nowhere.
 */
export type Place = { readonly at: number; readonly isBeforeText: boolean } | 'nowhere'

export interface PlaceRules {
  /** Only a body that begins with a doctype or `<html` is a page. */
  readonly mustBeginAsPage: boolean
  /** Whether a policy in a `<meta>` lets the banner be what it is. */
  allows(policy: string): boolean
}

/** A page whose body has not begun by then is left as it is. */
const scannedBytesMax = 1_048_576

/** Elements of a head, which end nothing (HTML §13.2.6.4.4). */
const headElements: ReadonlySet<string> = new Set(
  'html head base basefont bgsound link meta title noscript noframes style script template'.split(' '),
)
/** Elements whose content is not markup. Only who builds the tree knows where they are, and has to tell the tokenizer. */
const textModes: Readonly<Record<string, Tokenizer['state']>> = {
  title: TokenizerMode.RCDATA,
  textarea: TokenizerMode.RCDATA,
  style: TokenizerMode.RAWTEXT,
  noscript: TokenizerMode.RAWTEXT,
  noframes: TokenizerMode.RAWTEXT,
  xmp: TokenizerMode.RAWTEXT,
  iframe: TokenizerMode.RAWTEXT,
  noembed: TokenizerMode.RAWTEXT,
  script: TokenizerMode.SCRIPT_DATA,
}
/** In a template these change how what follows is read, in ways that only a tree builder knows. */
const unfollowed: ReadonlySet<string> = new Set([
  'plaintext',
  'svg',
  'math',
  'select',
  'col',
  'colgroup',
  'frameset',
])
const bodyEnds: ReadonlySet<string> = new Set(['body', 'html', 'br'])
const byteOrderMark = '\xef\xbb\xbf'

/**
 * Finds where the body of a page begins: behind `<body …>`, or before whatever makes a parser of the HTML standard begin
 * it by itself. Takes text in pieces cut anywhere, each character one byte. `undecidedFrom` is the first byte that the
 * banner may still have to precede: everything before it can go on.
 */
export class PlaceFinder {
  place: Place | null = null
  undecidedFrom = 0
  readonly #rules: PlaceRules
  readonly #tokenizer: Tokenizer
  /** Bytes of a byte order mark are no text of the page, and the tokenizer does not see them. */
  #markBytes = 0
  #start: string | null = ''
  #takenBytes = 0
  /** The element whose content is text, as long as it is open. */
  #textElement: string | null = null
  #templateDepth = 0
  #isHeadClosed = false
  #hasBegun = false

  constructor(rules: PlaceRules) {
    this.#rules = rules
    this.#tokenizer = new Tokenizer(
      { sourceCodeLocationInfo: true },
      {
        onComment: (token) => this.#pass(token, rules.mustBeginAsPage && !this.#hasBegun),
        onDoctype: (token) => this.#onDoctype(token),
        onStartTag: (token) => this.#onStartTag(token),
        onEndTag: (token) => this.#onEndTag(token),
        onEof: () => undefined,
        onCharacter: (token) => this.#onText(token),
        onNullCharacter: () => this.#settle('nowhere'),
        onWhitespaceCharacter: (token) => this.#onSpace(token),
      },
    )
  }

  take(piece: string): void {
    this.#takenBytes += piece.length
    const text = this.#start === null ? piece : this.#skipMark(this.#start + piece)
    if (text === '') return
    this.#tokenizer.write(text, false)
    if (this.place === null) this.#tokenizer.flushCharacters()
    if (this.place === null && this.#takenBytes > scannedBytesMax) this.#settle('nowhere')
  }

  /** The page has ended. Its body, which never began, begins here, unless the end is in the middle of something. */
  finish(): void {
    const isWhole = this.#tokenizer.state === TokenizerMode.DATA && this.#textElement === null
    if (!isWhole || this.#templateDepth > 0 || this.#takenBytes === 0) this.#settle('nowhere')
    else this.#begin(this.#takenBytes)
  }

  #skipMark(start: string): string {
    const isPart = start.length < byteOrderMark.length && byteOrderMark.startsWith(start)
    this.#start = isPart ? start : null
    if (isPart) return ''
    if (!start.startsWith(byteOrderMark)) return start
    this.#markBytes = byteOrderMark.length
    this.undecidedFrom = this.#markBytes
    return start.slice(this.#markBytes)
  }

  #settle(place: Place): void {
    if (this.place !== null) return
    this.place = place
    this.#tokenizer.pause()
  }

  #pass({ location }: Token.Token, isWrong = false): void {
    if (isWrong) return this.#settle('nowhere')
    if (location !== null) this.undecidedFrom = location.endOffset + this.#markBytes
  }

  #onDoctype(token: Token.DoctypeToken): void {
    this.#hasBegun = true
    this.#pass(token)
  }

  /** Stays undecided where text may follow it. */
  #onSpace(token: Token.CharacterToken): void {
    if (this.#textElement !== null || this.#templateDepth > 0) this.#pass(token)
  }

  #onText(token: Token.CharacterToken): void {
    if (this.#textElement !== null || this.#templateDepth > 0) return this.#pass(token)
    // The tokenizer's own start of the text is not used: behind a space, a character reference is given with its end there.
    this.#begin(this.undecidedFrom, true)
  }

  #onStartTag(token: Token.TagToken): void {
    const { tagName } = token
    if (tagName === 'html') this.#hasBegun = true
    if (this.#rules.mustBeginAsPage && !this.#hasBegun) return this.#settle('nowhere')
    if (this.#templateDepth > 0) return this.#onTemplateTag(token)
    this.#onHeadTag(token)
  }

  #onHeadTag(token: Token.TagToken): void {
    const { tagName } = token
    if (tagName === 'body') return this.#settleBehind(token)
    // Behind a head that was closed it is none of its elements.
    const isOfHead = headElements.has(tagName) && !(tagName === 'noscript' && this.#isHeadClosed)
    const isForbidden = tagName === 'frameset' || (tagName === 'meta' && !this.#allows(token))
    if (isForbidden) this.#settle('nowhere')
    else if (isOfHead) this.#enter(token)
    else this.#begin(this.#startOf(token))
  }

  #onTemplateTag(token: Token.TagToken): void {
    if (unfollowed.has(token.tagName)) return this.#settle('nowhere')
    this.#enter(token)
  }

  #enter(token: Token.TagToken): void {
    const { tagName } = token
    if (tagName === 'template') this.#templateDepth += 1
    const mode = textModes[tagName]
    if (mode !== undefined) {
      this.#tokenizer.state = mode
      this.#textElement = tagName
    }
    this.#pass(token)
  }

  #onEndTag(token: Token.TagToken): void {
    const { tagName } = token
    this.#textElement = null
    if (this.#templateDepth === 0 && tagName === 'head') this.#isHeadClosed = true
    if (this.#templateDepth === 0 && bodyEnds.has(tagName)) return this.#begin(this.#startOf(token))
    if (tagName === 'template' && this.#templateDepth > 0) this.#templateDepth -= 1
    this.#pass(token)
  }

  /** What stands there begins the body by itself. */
  #begin(at: number, isBeforeText = false): void {
    this.#settle(this.#hasBegun || !this.#rules.mustBeginAsPage ? { at, isBeforeText } : 'nowhere')
  }

  #startOf({ location }: Token.Token): number {
    return (location?.startOffset ?? 0) + this.#markBytes
  }

  #settleBehind(token: Token.Token): void {
    this.#pass(token)
    this.#settle({ at: this.undecidedFrom, isBeforeText: false })
  }

  #allows({ attrs }: Token.TagToken): boolean {
    const valueOf = (name: string): string => attrs.find((attr) => attr.name === name)?.value ?? ''
    // Declared in a page, only this one makes bytes below 128 mean anything but ASCII.
    if (/iso-2022/i.test(`${valueOf('charset')};${valueOf('content')}`)) return false
    if (valueOf('http-equiv').toLowerCase() !== 'content-security-policy') return true
    return this.#rules.allows(valueOf('content'))
  }
}
