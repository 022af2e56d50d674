import { describe, expect, it } from 'vitest'
import { tooMuch } from './inspect-grants.ts'

describe('tooMuch', () => {
  it.each([
    "GRANT USAGE ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*AB'",
    'GRANT SELECT, SHOW DATABASES, SHOW VIEW ON *.* TO `u`@`%`',
    'GRANT ALL PRIVILEGES ON `shop`.* TO `u`@`%`',
    'GRANT SELECT, INSERT (`a`, `b`) ON `shop`.`mysql` TO `u`@`%`',
    'GRANT ALL PRIVILEGES ON `my\\_sql`.* TO `u`@`%`',
    'GRANT `reader`@`%` TO `u`@`%`',
    'GRANT EXECUTE ON PROCEDURE `shop`.`p` TO `u`@`%`',
    'GRANT SELECT ON `mysql`.* TO `u`@`%`',
  ])('finds nothing in %s', (line) => {
    expect(tooMuch(line)).toEqual([])
  })

  it.each([
    [
      'GRANT ALL PRIVILEGES ON *.* TO `u`@`%` WITH GRANT OPTION',
      ['ALL PRIVILEGES on all databases', 'WITH GRANT OPTION'],
    ],
    ['GRANT SELECT, SUPER, FILE ON *.* TO `u`@`%`', ['SUPER on all databases', 'FILE on all databases']],
    [
      'GRANT BACKUP_ADMIN,XA_RECOVER_ADMIN ON *.* TO `u`@`%`',
      ['BACKUP_ADMIN on all databases', 'XA_RECOVER_ADMIN on all databases'],
    ],
    ['GRANT SELECT, UPDATE ON `mysql`.`user` TO `u`@`%`', ['UPDATE on the server’s own tables']],
    ['GRANT INSERT ON `%`.* TO `u`@`%`', ['INSERT on the server’s own tables']],
    ['GRANT INSERT ON `m_s_l`.* TO `u`@`%`', ['INSERT on the server’s own tables']],
    ['GRANT PROXY ON ``@`` TO `root`@`localhost` WITH GRANT OPTION', ['PROXY', 'WITH GRANT OPTION']],
    ['GRANT `r`@`%` TO `u`@`%` WITH ADMIN OPTION', ['WITH ADMIN OPTION']],
  ])('names what is too much in %s', (line, reasons) => {
    expect(tooMuch(line)).toEqual(reasons)
  })
})
