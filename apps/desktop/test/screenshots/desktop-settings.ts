import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const panel = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="false"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="28"/>
      <property name="icon-size" type="uint" value="18"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/><value type="int" value="2"/><value type="int" value="3"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-2" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
    </property>
    <property name="plugin-3" type="string" value="clock">
      <property name="mode" type="uint" value="2"/>
      <property name="digital-format" type="string" value=" %H:%M "/>
    </property>
  </property>
</channel>
`

const dunst = `[global]
font = DejaVu Sans 10
width = 340
offset = 24x44
origin = top-right
frame_width = 1
corner_radius = 8
padding = 14
horizontal_padding = 16
format = "<b>%s</b>\\n%b"
show_indicators = no
[urgency_normal]
background = "#20262e"
foreground = "#f2f5f8"
frame_color = "#3b4651"
timeout = 60
`

/** Writes the settings of a plain desktop: a panel with a tray on top, notifications below it. Answers where they are, for the session. */
export function writeDesktopSettings(folder: string): Readonly<Record<string, string>> {
  const panelDir = join(folder, 'xfce4/xfconf/xfce-perchannel-xml')
  const dunstDir = join(folder, 'dunst')
  for (const dir of [panelDir, dunstDir]) mkdirSync(dir, { recursive: true })
  writeFileSync(join(panelDir, 'xfce4-panel.xml'), panel)
  writeFileSync(join(dunstDir, 'dunstrc'), dunst)
  return { XDG_CONFIG_HOME: folder }
}
