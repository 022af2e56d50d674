import { Component, type ReactNode } from 'react'
import { Button } from '../components/button.tsx'

interface ScreenGuardProps {
  readonly children: ReactNode
}

/** A fault of one screen leaves the others standing. */
export class ScreenGuard extends Component<ScreenGuardProps, { readonly isBroken: boolean }> {
  override state = { isBroken: false }

  static getDerivedStateFromError(): { readonly isBroken: boolean } {
    return { isBroken: true }
  }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children
    return (
      <div className="state" role="alert">
        <p>This screen has a fault and cannot be shown.</p>
        <Button onPress={() => this.setState({ isBroken: false })}>Try again</Button>
      </div>
    )
  }
}
