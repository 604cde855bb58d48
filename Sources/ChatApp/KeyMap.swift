import TUI

/// Where key presses go.
enum KeyContext: Sendable, CaseIterable {
    /// The draft.
    case input
    /// The selected message.
    case message
    /// The field of a search.
    case search
    /// The tree of branches, and two of them side by side.
    case tree, compare
    /// The search in what was sent before.
    case history
    /// The settings with the next token, and a reply's tokens.
    case sampling, tokens
    /// A panel with fields of its own, or a question in a list.
    case panel
    case text
    case list, sessionList, presetList
}

/// What a key does.
enum KeyAction: Sendable, Equatable {
    case edit(EditCommand)
    case send
    /// To the next candidate or the one before.
    case complete(Int)
    /// Takes the last attached file away.
    case detach
    /// Row up and down; at the edge the input history.
    case rowUp, rowDown
    case scroll(ScrollStep)
    /// The message before or after; after the last one comes the input.
    case select(Int)
    /// Back to the input.
    case deselect
    case onMessage(MessageAction)
    case search(SearchAction)
    case inTree(TreeAction)
    case inComparison(CompareAction)
    case history(HistoryAction)
    /// Hands the draft to the person's editor.
    case editOutside
    /// In the open text.
    case read(ScrollStep)
    /// In the open list.
    case pick(PickAction)
    /// Replies as they were written, or as Markdown.
    case toggleSource
    case inSampling(SamplingAction)
    case inTokens(TokenAction)
    /// Opens or folds what the latest reply was thought out with.
    case toggleThoughts
    case open(PanelKind)
    /// Colours by probability, on and off.
    case toggleProbabilities
    /// Closes the nearest thing: a notice, a running reply.
    case escape
    /// Stops the reply; when idle empties the input or, pressed twice, leaves.
    case interrupt
    /// Leaves when the input is empty, else deletes to the right.
    case deleteOrLeave
    /// Top and end of the conversation while the input is empty, of the input's line otherwise.
    case home, end
}

/// One line of the key map: help shows it, `KeyMap` looks keys up in it.
struct KeyRow: Sendable {
    enum Group: String, Sendable, CaseIterable {
        case writing = "Writing", history = "Searching what was sent", message = "On a message", search = "Searching"
        case reply = "Reply", reading = "Reading", tree = "Branches", compare = "Side by side", sampling = "Sampling"
        case tokens = "Tokens", list = "In the list", session = "On a session", preset = "On a preset"
        case text = "In a text", panels = "Panels"

        /// Where keys of this group apply.
        var contexts: Set<KeyContext> {
            switch self {
            case .writing: [.input]
            case .history: [.history]
            case .message: [.message]
            case .search: [.search]
            case .tree: [.tree]
            case .compare: [.compare]
            case .sampling: [.sampling]
            case .tokens: [.tokens]
            case .reply, .reading: [.input, .message]
            case .text: [.text]
            case .list: [.list, .sessionList, .presetList]
            case .session: [.sessionList]
            case .preset: [.presetList]
            case .panels: Set(KeyContext.allCases)
            }
        }
    }

    var group: Group
    var keys: [Key]
    var action: KeyAction
    var summary: String
    /// In a word, for the status line; nil for keys that are not named there.
    var label: String?

    init(_ group: Group, _ keys: [Key], _ action: KeyAction, _ summary: String, label: String? = nil) {
        self.group = group
        self.keys = keys
        self.action = action
        self.summary = summary
        self.label = label
    }
}

/// Every key and what it does.
enum KeyMap {
    static let rows: [KeyRow] = [
        KeyRow(.writing, [.enter], .send, "send"),
        KeyRow(.writing, [.alt(.enter), .control("j"), .shift(.enter)], .edit(.newLine), "new line"),
        KeyRow(.writing, [.tab], .complete(1), "complete a command, its argument, or @path"),
        KeyRow(.writing, [.shift(.tab)], .complete(-1), "the candidate before"),
        KeyRow(.writing, [.up], .rowUp, "row up; at the edge, what was sent before"),
        KeyRow(.writing, [.down], .rowDown, "row down; at the edge, what was sent after"),
        KeyRow(.writing, [.left, .control("b")], .edit(.characterLeft), "left"),
        KeyRow(.writing, [.right, .control("f")], .edit(.characterRight), "right"),
        KeyRow(.writing, [.alt("b"), .control(.left), .alt(.left)], .edit(.wordLeft), "word left"),
        KeyRow(.writing, [.alt("f"), .control(.right), .alt(.right)], .edit(.wordRight), "word right"),
        KeyRow(.writing, [.control("a")], .edit(.lineStart), "start of the line"),
        KeyRow(.writing, [.control("e")], .edit(.lineEnd), "end of the line"),
        KeyRow(.writing, [.backspace, .control("h")], .edit(.deleteBackward), "delete to the left"),
        KeyRow(.writing, [.delete], .edit(.deleteForward), "delete to the right"),
        KeyRow(.writing, [.control("w")], .edit(.killBlankWordBackward), "cut the word before"),
        KeyRow(.writing, [.alt(.backspace)], .edit(.killWordBackward), "cut the word before, up to punctuation"),
        KeyRow(.writing, [.alt("d")], .edit(.killWordForward), "cut the word after"),
        KeyRow(.writing, [.control("k")], .edit(.killToLineEnd), "cut to the end of the line"),
        KeyRow(.writing, [.control("u")], .edit(.killToLineStart), "cut to the start of the line"),
        KeyRow(.writing, [.control("y")], .edit(.yank), "put back what was cut"),
        KeyRow(.writing, [.alt("y")], .edit(.yankPop), "put back what was cut before instead"),
        KeyRow(.writing, [.control("t")], .edit(.transpose), "swap two characters"),
        KeyRow(.writing, [.control("_")], .edit(.undo), "undo"),
        KeyRow(.writing, [.alt("_"), .alt("/")], .edit(.redo), "redo"),
        KeyRow(.writing, [.alt("<")], .edit(.textStart), "start of the text"),
        KeyRow(.writing, [.alt(">")], .edit(.textEnd), "end of the text"),
        KeyRow(.writing, [.control("r")], .history(.older), "search what was sent before"),
        KeyRow(.writing, [.control("g")], .editOutside, "edit the draft in $VISUAL or $EDITOR"),
        KeyRow(.writing, [.control("x")], .detach, "take the last attached file away"),
        KeyRow(.history, [.control("r"), .up], .history(.older), "an older one that holds the text"),
        KeyRow(.history, [.control("s"), .down], .history(.newer), "a newer one"),
        KeyRow(.history, [.backspace, .control("h")], .history(.shorten), "shorten the text"),
        KeyRow(.history, [.enter, .tab], .history(.take), "take it into the input", label: "take"),
        KeyRow(.history, [.escape, .control("g"), .control("c")], .history(.cancel), "back to the draft"),
        KeyRow(.message, ["e"], .onMessage(.edit), "edit it; Enter begins a branch with it", label: "edit"),
        KeyRow(.message, ["r"], .onMessage(.regenerate), "make another reply in its place", label: "again"),
        KeyRow(.message, [.left], .onMessage(.alternative(-1)), "the branch before"),
        KeyRow(.message, [.right], .onMessage(.alternative(1)), "the branch after"),
        KeyRow(.message, ["s"], .onMessage(.compare), "it and its next alternative side by side"),
        KeyRow(.message, ["y"], .onMessage(.copy), "copy it", label: "copy"),
        KeyRow(.message, ["c"], .onMessage(.copyCode), "copy its block of code; again, the next one", label: "code"),
        KeyRow(.message, [.enter], .onMessage(.page), "read it in the pager ($PAGER)"),
        KeyRow(.message, ["o"], .onMessage(.editOutside), "edit it in $VISUAL or $EDITOR"),
        KeyRow(.message, ["t"], .onMessage(.showTokens), "its tokens and their probabilities", label: "tokens"),
        KeyRow(.message, ["h"], .onMessage(.toggleThoughts), "open or fold what was thought before it"),
        KeyRow(.message, ["d"], .onMessage(.delete), "delete it and what follows it", label: "delete"),
        KeyRow(.message, ["u"], .onMessage(.undoDelete), "bring back what was deleted last"),
        KeyRow(.message, ["/"], .search(.begin), "search the conversation", label: "search"),
        KeyRow(.message, ["n"], .search(.next(1)), "next match"),
        KeyRow(.message, ["N"], .search(.next(-1)), "match before"),
        KeyRow(.message, [.up], .select(-1), "message before"),
        KeyRow(.message, [.down], .select(1), "message after; after the last, the input"),
        KeyRow(.message, ["k"], .scroll(.lines(-1)), "line up"),
        KeyRow(.message, ["j"], .scroll(.lines(1)), "line down"),
        KeyRow(.message, ["b"], .scroll(.page(-1)), "page up"),
        KeyRow(.message, [" "], .scroll(.page(1)), "page down"),
        KeyRow(.message, ["g", .home], .scroll(.top), "first message"),
        KeyRow(.message, ["G", .end], .scroll(.bottom), "latest message"),
        KeyRow(.message, [.escape], .deselect, "back to the input; so does typing"),
        KeyRow(.search, [.enter], .search(.accept), "go to the match; n and N to others"),
        KeyRow(.search, [.down, .control("s")], .search(.next(1)), "next match"),
        KeyRow(.search, [.up], .search(.next(-1)), "match before"),
        KeyRow(.search, [.wheelUp], .scroll(.lines(-3)), "three lines up"),
        KeyRow(.search, [.wheelDown], .scroll(.lines(3)), "three lines down"),
        KeyRow(.search, [.pageUp], .scroll(.page(-1)), "page up"),
        KeyRow(.search, [.pageDown], .scroll(.page(1)), "page down"),
        KeyRow(.search, [.escape, .control("c")], .search(.cancel), "leave the search"),
        KeyRow(.reply, [.escape], .escape, "stop the reply; dismiss a notice"),
        KeyRow(.reply, [.control("c")], .interrupt, "stop the reply; twice when idle, leave"),
        KeyRow(.reply, [.control("d")], .deleteOrLeave, "leave, when the input is empty"),
        KeyRow(.reading, [.pageUp], .scroll(.page(-1)), "page up"),
        KeyRow(.reading, [.pageDown], .scroll(.page(1)), "page down"),
        KeyRow(.reading, [.wheelUp], .scroll(.lines(-3)), "three lines up"),
        KeyRow(.reading, [.wheelDown], .scroll(.lines(3)), "three lines down"),
        KeyRow(.reading, [.control(.up)], .scroll(.lines(-1)), "line up"),
        KeyRow(.reading, [.control(.down)], .scroll(.lines(1)), "line down"),
        KeyRow(.reading, [.alt(.up)], .select(-1), "select the message before"),
        KeyRow(.reading, [.alt(.down)], .select(1), "select the message after"),
        KeyRow(.reading, [.control("s")], .search(.begin), "search the conversation"),
        KeyRow(.reading, [.alt("r")], .toggleSource, "replies as they were written, or as Markdown"),
        KeyRow(.reading, [.alt("p")], .toggleProbabilities, "colour replies by the probability of their tokens"),
        KeyRow(.reading, [.alt("t")], .toggleThoughts, "open or fold the latest thoughts"),
        KeyRow(.reading, [.home], .home, "first message (in a draft: start of the line)"),
        KeyRow(.reading, [.end], .end, "latest message (in a draft: end of the line)"),
        KeyRow(.reading, [.control(.home)], .scroll(.top), "first message"),
        KeyRow(.reading, [.control(.end)], .scroll(.bottom), "latest message"),
        KeyRow(.tree, [.enter], .inTree(.show), "show its branch"),
        KeyRow(.tree, [.up, .wheelUp, "k"], .inTree(.move(-1)), "row up"),
        KeyRow(.tree, [.down, .wheelDown, "j"], .inTree(.move(1)), "row down"),
        KeyRow(.tree, [.pageUp], .inTree(.page(-1)), "page up"),
        KeyRow(.tree, [.pageDown], .inTree(.page(1)), "page down"),
        KeyRow(.tree, [.home, "g"], .inTree(.first), "first message"),
        KeyRow(.tree, [.end, "G"], .inTree(.last), "last message"),
        KeyRow(.tree, [.left], .inTree(.alternative(-1)), "alternative before"),
        KeyRow(.tree, [.right], .inTree(.alternative(1)), "alternative after"),
        KeyRow(.tree, [" "], .inTree(.mark), "mark it, to compare it with another"),
        KeyRow(.tree, ["s"], .inTree(.compare), "compare it with what is marked, else its next alternative"),
        KeyRow(.tree, ["d"], .inTree(.delete), "delete it and what follows it"),
        KeyRow(.tree, ["u"], .inTree(.undoDelete), "bring back what was deleted last"),
        KeyRow(.compare, [.tab], .inComparison(.otherSide), "other side"),
        KeyRow(.compare, [.left], .inComparison(.alternative(-1)), "alternative before, on this side"),
        KeyRow(.compare, [.right], .inComparison(.alternative(1)), "alternative after, on this side"),
        KeyRow(.compare, [.enter], .inComparison(.show), "go on with this branch"),
        KeyRow(.compare, [.up, "k"], .inComparison(.scroll(.lines(-1))), "line up"),
        KeyRow(.compare, [.down, "j"], .inComparison(.scroll(.lines(1))), "line down"),
        KeyRow(.compare, [.wheelUp], .inComparison(.scroll(.lines(-3))), "three lines up"),
        KeyRow(.compare, [.wheelDown], .inComparison(.scroll(.lines(3))), "three lines down"),
        KeyRow(.compare, [.pageUp, "b"], .inComparison(.scroll(.page(-1))), "page up"),
        KeyRow(.compare, [.pageDown, " "], .inComparison(.scroll(.page(1))), "page down"),
        KeyRow(.compare, [.home, "g"], .inComparison(.scroll(.top)), "beginning"),
        KeyRow(.compare, [.end, "G"], .inComparison(.scroll(.bottom)), "end"),
        KeyRow(.text, [.up, "k"], .read(.lines(-1)), "line up"),
        KeyRow(.text, [.down, .enter, "j"], .read(.lines(1)), "line down"),
        KeyRow(.text, [.wheelUp], .read(.lines(-3)), "three lines up"),
        KeyRow(.text, [.wheelDown], .read(.lines(3)), "three lines down"),
        KeyRow(.text, [.pageUp, "b"], .read(.page(-1)), "page up"),
        KeyRow(.text, [.pageDown, " "], .read(.page(1)), "page down"),
        KeyRow(.text, [.home, "g"], .read(.top), "beginning"),
        KeyRow(.text, [.end, "G"], .read(.bottom), "end"),
        KeyRow(.list, [.enter], .pick(.choose), "choose; so does a click on what is selected"),
        KeyRow(.list, [.up, .shift(.tab)], .pick(.move(-1)), "the one before"),
        KeyRow(.list, [.down, .tab], .pick(.move(1)), "the one after"),
        KeyRow(.list, [.pageUp], .pick(.page(-1)), "page up"),
        KeyRow(.list, [.pageDown], .pick(.page(1)), "page down"),
        KeyRow(.list, [.home], .pick(.first), "the first"),
        KeyRow(.list, [.end], .pick(.last), "the last"),
        KeyRow(.list, [.wheelUp], .pick(.scroll(-3)), "three lines up"),
        KeyRow(.list, [.wheelDown], .pick(.scroll(3)), "three lines down"),
        KeyRow(.session, [.control("r")], .pick(.rename), "give it another title", label: "renames"),
        KeyRow(.session, [.control("x")], .pick(.export), "write it to a file", label: "exports"),
        KeyRow(.session, [.control("d")], .pick(.duplicate), "make a copy", label: "copies"),
        KeyRow(.session, [.delete], .pick(.delete), "move it to the trash", label: "removes"),
        KeyRow(.session, [.control("_")], .pick(.undoDelete), "bring back what was deleted last"),
        KeyRow(.preset, [.control("s")], .pick(.save), "save the settings as they are now", label: "saves"),
        KeyRow(.preset, [.delete], .pick(.delete), "delete one of your own", label: "removes"),
        KeyRow(.preset, [.control("_")], .pick(.undoDelete), "bring back what was deleted last"),
        KeyRow(.sampling, [.up, .wheelUp], .inSampling(.move(-1)), "setting before"),
        KeyRow(.sampling, [.down, .tab, .wheelDown], .inSampling(.move(1)), "setting after"),
        KeyRow(.sampling, [.pageUp], .inSampling(.move(-8)), "some settings up"),
        KeyRow(.sampling, [.pageDown], .inSampling(.move(8)), "some settings down"),
        KeyRow(.sampling, [.left], .inSampling(.nudge(-1)), "less"),
        KeyRow(.sampling, [.right], .inSampling(.nudge(1)), "more"),
        KeyRow(.sampling, [.alt(.left)], .inSampling(.nudge(-10)), "ten steps less"),
        KeyRow(.sampling, [.alt(.right)], .inSampling(.nudge(10)), "ten steps more"),
        KeyRow(.sampling, [.enter], .inSampling(.enter), "take what was typed; begin with the value there is"),
        KeyRow(.sampling, [.delete], .inSampling(.reset), "back to the preset's value"),
        KeyRow(.sampling, [.control("r")], .inSampling(.resetAll), "all back to the preset's values"),
        KeyRow(.sampling, [.control(.left)], .inSampling(.look(-1)), "look at the token before"),
        KeyRow(.sampling, [.control(.right)], .inSampling(.look(1)), "look at the token after"),
        KeyRow(.tokens, [.left, "h"], .inTokens(.move(-1)), "token before"),
        KeyRow(.tokens, [.right, "l"], .inTokens(.move(1)), "token after"),
        KeyRow(.tokens, [.up], .inTokens(.choose(-1)), "alternative above"),
        KeyRow(.tokens, [.down], .inTokens(.choose(1)), "alternative below"),
        KeyRow(.tokens, [.enter], .inTokens(.branch), "branch: the reply up to here, with this alternative"),
        KeyRow(.tokens, ["n", .tab], .inTokens(.doubt(1)), "next token of less than 50 %"),
        KeyRow(.tokens, ["N"], .inTokens(.doubt(-1)), "the one before"),
        KeyRow(.tokens, ["k", .wheelUp], .inTokens(.line(-1)), "line up"),
        KeyRow(.tokens, ["j", .wheelDown], .inTokens(.line(1)), "line down"),
        KeyRow(.tokens, [.pageUp, "b"], .inTokens(.page(-1)), "page up"),
        KeyRow(.tokens, [.pageDown, " "], .inTokens(.page(1)), "page down"),
        KeyRow(.tokens, [.home, "g"], .inTokens(.first), "first token"),
        KeyRow(.tokens, [.end, "G"], .inTokens(.last), "last token"),
        KeyRow(.tokens, ["c"], .inTokens(.colours), "colour the conversation like this"),
        KeyRow(.panels, [.function(1)], .open(.help), "help"),
        KeyRow(.panels, [.function(2)], .open(.models), "models"),
        KeyRow(.panels, [.function(3)], .open(.sessions), "sessions"),
        KeyRow(.panels, [.function(4)], .open(.sampling), "sampling settings"),
        KeyRow(.panels, [.function(5)], .open(.presets), "presets"),
        KeyRow(.panels, [.function(6)], .open(.branches), "branches"),
        KeyRow(.panels, [.control("p")], .open(.commands), "every command"),
    ]

    static func action(for key: Key, in context: KeyContext) -> KeyAction? { actions[context]?[key] }

    private static let actions: [KeyContext: [Key: KeyAction]] = Dictionary(
        uniqueKeysWithValues: KeyContext.allCases.map { context in
            let pairs = rows.filter { $0.group.contexts.contains(context) }.flatMap { row in
                row.keys.map { ($0, row.action) }
            }
            return (context, Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
        })
}
