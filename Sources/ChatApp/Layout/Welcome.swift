import TUI

/// What one can do, before the first word.
enum Welcome {
    static func lines(_ state: AppState, width: Int) -> [StyledLine] {
        let keys = "F1 shows the keys, Ctrl-P every command."
        if state.library.hasNoUsableModel {
            let paragraphs = state.firstRunAdvice(key: "Enter", looking: "F2").enumerated().flatMap { number, text in
                Wrapping.wrap(StyledLine(text, number == 0 ? .strong : .text), width: width) + [StyledLine()]
            }
            return [StyledLine()] + paragraphs + Wrapping.wrap(StyledLine(keys, .muted), width: width)
        }
        let advice =
            state.session.record.model == nil && state.library.hasListedModels
            ? "Choose a model with F2." : "Write something and press Enter."
        return [StyledLine()] + [advice, keys].flatMap { Wrapping.wrap(StyledLine($0, .muted), width: width) }
    }
}
