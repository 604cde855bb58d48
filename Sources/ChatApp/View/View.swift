import TUI

/// The whole screen of `state.size`, in the colours of `state.theme`. Pure.
public func view(_ state: AppState) -> Surface {
    Surface(state.size, style: state.theme.style(.text))
}
