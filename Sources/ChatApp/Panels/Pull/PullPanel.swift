import Chat
import TUI

/// Fetching a model: an address and the recommended models, then what would be fetched, then how far it is.
struct PullPanel: Panel {
    private(set) var address = TextEditor()
    /// Whether the address is that of the selected model; typing then replaces it.
    private var isSuggested = false
    /// The recommended model that the arrows have chosen; nil if there is none yet.
    private(set) var selected: Int?
    private var window = RowWindow()
    /// The scroll position in what is not a list.
    private(set) var page = ReadingWindow()
    private(set) var request: Request?
    /// Whether the last request was refused.
    private var hasFailed = false

    /// What the source was asked for, and its answer.
    struct Request: Sendable, Equatable {
        var address: String
        var plan: PullPlan?
    }

    /// - Parameter address: what to ask for at once; nothing if it is empty.
    init(address: String = "") {
        self.address.setText(address)
        if !address.isEmpty { request = Request(address: address) }
    }

    var kind: PanelKind { .pull }

    // MARK: Keys and mouse

    enum Action: Hashable, Sendable {
        /// Asks for the address; once the answer is here, starts.
        case go
    }

    static let keys: [KeyRow] = [
        KeyRow(.pull, [.enter], .own(Action.go), "show what would be fetched; again, fetch it"),
        KeyRow.click(.pull, "select a model; click again to show what would be fetched"),
        KeyRow(.pull, [.up, .shift(.tab)], .movePanel(.row(-1)), "previous model"),
        KeyRow(.pull, [.down, .tab], .movePanel(.row(1)), "next model"),
        KeyRow(.pull, [.pageUp], .movePanel(.page(-1)), "page up"),
        KeyRow(.pull, [.pageDown], .movePanel(.page(1)), "page down"),
        KeyRow(.pull, [.home], .movePanel(.first), "first model"),
        KeyRow(.pull, [.end], .movePanel(.last), "last model"),
        KeyRow(.pull, [.wheelUp], .movePanel(.scroll(-3)), "three lines up"),
        KeyRow(.pull, [.wheelDown], .movePanel(.scroll(3)), "three lines down"),
        KeyRow.clickOutside(.pull),
    ]

    mutating func handle(_ action: Action, in state: inout AppState) -> [Effect] {
        if state.library.pull != nil { return [] }
        if let request {
            guard let plan = request.plan else { return [] }
            self.request = nil
            page = ReadingWindow()
            return state.choose(.pull(plan))
        }
        let text = address.text[...].trimmed
        guard !text.isEmpty else {
            state.notify(.info, "Type an address, or choose a model with the arrows")
            return []
        }
        hasFailed = false
        state.screen.notices.withdraw(.pull, .request)
        request = Request(address: text)
        page = ReadingWindow()
        return state.askForPlan(text)
    }

    mutating func move(_ move: PanelMove, in state: inout AppState) -> [Effect] {
        if let lines = pageLines(state) {
            let step: ScrollStep = if case .row(let rows) = move { .lines(rows) } else { move.scrollStep ?? .lines(0) }
            page.move(step, count: lines.count, height: rows(state).height)
            return []
        }
        let models = state.recommendations.fitting
        let height = rows(state).height
        if selected == nil, case .scroll = move { return [] }
        // The first key chooses the first model, whichever direction it has.
        let target = selected.map { window.move(move, from: $0, count: models.count, height: height) }
        select(target ?? (move == .last ? models.count - 1 : 0), of: models, height: height)
        return []
    }

    private mutating func select(_ index: Int, of models: [RecommendedModel], height: Int) {
        guard models.indices.contains(index) else { return }
        selected = window.select(index, from: selected ?? 0, count: models.count, height: height)
        address.setText(models[index].address)
        isSuggested = true
    }

    /// A change of the address withdraws what was asked for.
    mutating func edit(_ change: (inout TextEditor) -> Void, in state: inout AppState) -> [Effect] {
        guard state.library.pull == nil else { return [] }
        let before = address.text
        change(&address)
        isSuggested = false
        if address.text != before {
            (request, selected) = (nil, nil)
            state.screen.notices.withdraw(.pull, .request)
        }
        return []
    }

    mutating func insert(_ text: String, in state: inout AppState) -> [Effect] {
        edit(
            { [isSuggested] editor in
                if isSuggested { editor.setText("") }
                editor.insert(String(text.prefix(Self.longestAddress)))
            }, in: &state)
    }

    private static let longestAddress = 1000

    /// A click selects a model, and a click on the selected one asks for it.
    mutating func click(at point: Point, in state: inout AppState) -> [Effect] {
        let area = rows(state)
        guard pageLines(state) == nil, area.contains(point) else { return [] }
        let models = state.recommendations.fitting
        let index = top(height: area.height, count: models.count) + point.y - area.y
        if index == selected { return handle(.go, in: &state) }
        select(index, of: models, height: area.height)
        return []
    }

    /// Esc goes back from the answer to the list.
    var isEntering: Bool { request != nil }

    mutating func cancelEntry() { request = nil }

    func top(height: Int, count: Int) -> Int { window.top(selected ?? 0, count: count, height: height) }

    /// The area below the address.
    func rows(_ state: AppState) -> Rect {
        PanelAreas(PanelLayout(state.screen.size, .middle), hasFilter: true).rows
    }

    // MARK: Following the state

    mutating func refresh(_ state: AppState, after event: AppEvent) {
        switch event {
        case .pull(let address, .planned(let plan)) where address == request?.address: request?.plan = plan
        case .pull(let address, .failed) where address == request?.address: (request, hasFailed) = (nil, true)
        case .recommendationsLoaded: selected = nil
        default: break
        }
    }

    // MARK: Plain mode

    func plainLines(_ state: AppState) -> PlainPanel? {
        if let pull = state.library.pull {
            return PlainPanel(
                text: "\(pull.text(now: state.instant, separator: ", ").capitalizedFirst). /pull stop stops it")
        }
        if let request {
            guard let plan = request.plan else { return nil }
            let facts = plan.facts(memory: state.about.memory).map { "\($0.name) \($0.value)" }
            return PlainPanel(
                title: ([plan.address] + facts).joined(separator: ", "),
                choices: [PlainChoice(line: "download it", names: ["yes", "download"], result: .choose(.pull(plan)))])
        }
        // The notice has said why.
        if hasFailed { return PlainPanel() }
        let recommendations = state.recommendations
        return PlainPanel(
            title: "Recommended for this computer; /pull ADDRESS fetches any other",
            text: "No recommended model fits this computer; /pull ADDRESS fetches any",
            choices: recommendations.fitting.map { model in
                PlainChoice(
                    line: "\(model.title), " + model.facts.joined(separator: ", "),
                    names: [model.title, model.address],
                    result: .choose(.plan(model.address)))
            })
    }
}

extension PanelKind {
    /// Opened by `/pull` and by a key of the list of models.
    static let pull: PanelKind = .init(name: "pull", context: .pull, keys: PullPanel.keys)
}

extension KeyContext {
    /// The address of a model to fetch.
    static let pull = KeyContext(name: "pull", isPanel: true, hasLine: true)
}

extension KeyRow.Group {
    fileprivate static let pull = KeyRow.Group("Get a model", in: .pull)
}

extension AppState {
    /// Opens the panel; with an address, it asks for what would be fetched. While a model is fetched it shows how far
    /// that is.
    mutating func openPull(address: String) -> [Effect] {
        let asks = !address.isEmpty && library.pull == nil
        screen.panels.push(PullPanel(address: asks ? address : ""))
        return asks ? askForPlan(address) : []
    }

    mutating func askForPlan(_ address: String) -> [Effect] {
        library.plannedAddress = address
        return [.planPull(address)]
    }
}
