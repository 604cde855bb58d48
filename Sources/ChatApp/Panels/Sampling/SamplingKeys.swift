import TUI

extension PanelKind {
    static let sampling: PanelKind = .init(
        name: "sampling", key: .function(4), summary: "sampling settings", context: .sampling, keys: SamplingPanel.keys
    ) { state in
        state.screen.panels.push(SamplingPanel())
        return []
    }
}

extension KeyContext {
    fileprivate static let sampling = KeyContext(name: "sampling", isPanel: true)
}

extension KeyRow.Group {
    fileprivate static let sampling = KeyRow.Group("Sampling", in: .sampling)
}

extension SamplingPanel {
    fileprivate static let keys: [KeyRow] = [
        KeyRow(.sampling, [.up], .movePanel(.row(-1)), "previous setting"),
        KeyRow(.sampling, [.down, .tab], .movePanel(.row(1)), "next setting"),
        KeyRow.click(.sampling, "select; click again to type a value"),
        KeyRow(.sampling, [.wheelUp], .movePanel(.scroll(-3)), "three lines up"),
        KeyRow(.sampling, [.wheelDown], .movePanel(.scroll(3)), "three lines down"),
        KeyRow(.sampling, [.pageUp], .movePanel(.page(-1)), "page up"),
        KeyRow(.sampling, [.pageDown], .movePanel(.page(1)), "page down"),
        KeyRow(.sampling, [.home], .movePanel(.first), "first setting"),
        KeyRow(.sampling, [.end], .movePanel(.last), "last setting"),
        KeyRow(.sampling, [.left], .own(Action.nudge(-1)), "less"),
        KeyRow(.sampling, [.right], .own(Action.nudge(1)), "more"),
        KeyRow(.sampling, [.alt(.left)], .own(Action.nudge(-10)), "ten steps less"),
        KeyRow(.sampling, [.alt(.right)], .own(Action.nudge(10)), "ten steps more"),
        KeyRow(.sampling, [.enter], .own(Action.enter), "apply the typed value, or edit the current one"),
        KeyRow(.sampling, [.backspace, .control("h")], .own(Action.shorten), "delete the last character"),
        KeyRow(.sampling, [.control("u")], .own(Action.discard), "discard the typed value"),
        KeyRow(.sampling, [.delete], .own(Action.reset), "reset to the preset's value"),
        KeyRow(.sampling, [.control("r")], .own(Action.resetAll), "reset all settings to the preset"),
        KeyRow(.sampling, [.control("o")], .toggleDetails, "details of the setting and the next token"),
        KeyRow(.sampling, [.control(.left)], .own(Action.shiftToken(-1)), "show the previous token of the reply"),
        KeyRow(.sampling, [.control(.right)], .own(Action.shiftToken(1)), "show the next token of the reply"),
        KeyRow.clickOutside(.sampling),
    ]
}
