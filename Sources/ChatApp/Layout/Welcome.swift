import TUI

/// The text of an empty conversation: what to do first.
enum Welcome {
    static func lines(_ state: AppState, width: Int) -> [StyledLine] {
        let keys = "F1 shows the keys, Ctrl-P all commands."
        if state.library.hasNoUsableModel {
            let paragraphs = state.firstRunAdvice(key: "Enter", looking: "F2").enumerated().flatMap { number, text in
                Wrapping.wrap(StyledLine(text, number == 0 ? .strong : .text), width: width) + [StyledLine()]
            }
            return [StyledLine()] + paragraphs + Wrapping.wrap(StyledLine(keys, .muted), width: width)
        }
        let advice =
            state.session.record.model == nil && state.library.hasListedModels
            ? "Choose a model with F2." : "Write a message and press Enter."
        return [StyledLine()] + [advice, keys].flatMap { Wrapping.wrap(StyledLine($0, .muted), width: width) }
    }
}
