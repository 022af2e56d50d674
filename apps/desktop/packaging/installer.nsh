; electron-builder's installer registers no links of its own kind on Windows.
!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\privateconnect" "" "URL:Private Connect"
  WriteRegStr SHELL_CONTEXT "Software\Classes\privateconnect" "URL Protocol" ""
  WriteRegStr SHELL_CONTEXT "Software\Classes\privateconnect\DefaultIcon" "" "$INSTDIR\${APP_EXECUTABLE_FILENAME},0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\privateconnect\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
!macroend

!macro customUnInstall
  DeleteRegKey SHELL_CONTEXT "Software\Classes\privateconnect"
!macroend
