import Chat
import TUI

/// `/about`: version, computer, folders and licences.
struct AboutPanel: ReadingPanel {
    var window = ReadingWindow()

    var kind: PanelKind { .about }
    var title: String { "About" }

    func lines(_ state: AppState, width: Int) -> [StyledLine] {
        var page = PreviewPage(width: width)
        for (index, section) in sections(state.about).enumerated() {
            if index > 0 { page.blank() }
            page.text(section.title, .panelTitle)
            for row in section.rows { page.row(row.name, row.value) }
        }
        return page.lines
    }

    func plainLines(_ state: AppState) -> PlainPanel? {
        let lines = sections(state.about).flatMap { section in
            section.rows.map { "\($0.name): \($0.value)" }
        }
        return PlainPanel(title: title, text: lines.joined(separator: "\n"))
    }

    private typealias Section = (title: String, rows: [(name: String, value: String)])

    private func sections(_ about: About) -> [Section] {
        let program = [("version", about.version), ("commit", about.commit)]
        let computer = [
            ("processor", about.processor), ("instruction set", about.instructionSet),
            ("threads", about.threads), ("memory", about.memory > 0 ? ByteText.size(about.memory) : nil),
        ]
        func known(_ rows: [(String, String?)]) -> [(name: String, value: String)] {
            rows.compactMap { name, value in value.flatMap { $0.isEmpty ? nil : (name, $0) } }
        }
        return [
            ("Sotto", known(program)), ("Computer", known(computer)),
            ("Folders", about.folders.map { ($0.name, $0.path) }),
            ("Licences", About.licenses.map { ($0.license, $0.of) }),
        ].filter { !$0.rows.isEmpty }
    }
}

extension PanelKind {
    static let about: PanelKind = .init(
        name: "about", command: ("about", []), summary: "version, computer, folders and licences", context: .text
    ) { state in
        state.screen.panels.push(AboutPanel())
        return []
    }
}
