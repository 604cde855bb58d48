import Foundation
import Testing

@testable import TUI

@Suite struct ThemeLibraryTests {
    private func file(_ name: String, _ text: String) -> ThemeLibrary.File {
        ThemeLibrary.File(label: "\(name).json", name: name, text: text)
    }

    @Test func themesInheritInAnyOrder() {
        let library = ThemeLibrary([
            file("c", ##"{ "inherits": "b", "styles": { "error": "x" } }"##),
            file("b", ##"{ "inherits": "a", "palette": { "x": "#222222" } }"##),
            file("a", ##"{ "palette": { "x": "#111111" }, "styles": { "accent": "x" } }"##),
        ])
        #expect(library.themes.flatMap(\.problems).isEmpty)
        #expect(library.themes.map(\.name) == ["c", "b", "a"])
        #expect(
            library.themes.map { $0.style(.accent).foreground } == [
                .rgb(0x22, 0x22, 0x22), .rgb(0x22, 0x22, 0x22), .rgb(0x11, 0x11, 0x11),
            ])
        #expect(library.themes[0].style(.error).foreground == .rgb(0x22, 0x22, 0x22))
    }

    @Test func userThemesReplaceAndInheritBuiltInOnes() {
        let library = ThemeLibrary([
            file("dark", ##"{ "styles": { "accent": "#111111", "error": "#222222" } }"##),
            file("dark", ##"{ "inherits": "dark", "styles": { "accent": "#333333" } }"##),
        ])
        #expect(library.themes.flatMap(\.problems).isEmpty)
        #expect(library.themes.count == 1)
        #expect(library.themes[0].style(.accent).foreground == .rgb(0x33, 0x33, 0x33))
        #expect(library.themes[0].style(.error).foreground == .rgb(0x22, 0x22, 0x22))
    }

    @Test func cyclesAndInvalidFilesAreReported() {
        let library = ThemeLibrary([
            file("a", ##"{ "inherits": "b", "styles": { "accent": "#111111" } }"##),
            file("b", "{ \"inherits\": \"a\",\n \"styles\": { \"error\": \"#222222\" } }"),
            file("self", ##"{ "inherits": "self" }"##),
            file("list", "[1]"),
            file("cut", "{\n\"name\""),
        ])
        #expect(library.themes.map(\.name) == ["a", "b", "self", "list", "cut"])
        #expect(library.themes[0].style(.error).foreground == .rgb(0x22, 0x22, 0x22))
        let problems = library.themes.map(\.problems)
        let cycle = "b.json, line 1: cannot inherit from \"a\", which inherits from this theme"
        // A theme inherits the problems of its parents.
        #expect(problems[0] == [cycle] && problems[1] == [cycle])
        #expect(
            problems[2].count == 1
                && problems[2][0].hasPrefix("self.json, line 1: cannot inherit from unknown theme \"self\""))
        #expect(problems[3].count == 1 && problems[3][0].hasPrefix("list.json, line 1: a theme must be a JSON object"))
        #expect(problems[4].count == 1 && problems[4][0].hasPrefix("cut.json, line 2: invalid JSON"))
    }

    @Test func unreadableFilesKeepTheBuiltInTheme() {
        let library = ThemeLibrary([
            file("dark", ##"{ "styles": { "accent": "#111111" } }"##),
            .init(label: "dark.json", name: "dark", .unreadable("dark.json is larger than 1 MB")),
            file("mine", ##"{ "inherits": "dark" }"##),
        ])
        #expect(library.themes.map(\.name) == ["dark", "mine"])
        for theme in library.themes {
            #expect(theme.style(.accent).foreground == .rgb(0x11, 0x11, 0x11))
            #expect(theme.problems == ["dark.json is larger than 1 MB"])
        }
    }
}

/// The built-in themes.
@Suite struct BuiltInThemeTests {
    static let library: ThemeLibrary = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appending(path: "themes")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return ThemeLibrary(
            names.sorted().compactMap { name in
                guard let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8) else {
                    return nil
                }
                return ThemeLibrary.File(label: name, name: String(name.dropLast(".json".count)), text: text)
            })
    }()

    @Test func haveNoProblems() {
        #expect(Self.library.themes.flatMap(\.problems).isEmpty)
        #expect(Self.library.themes.count >= 8)
        let names = Set(Self.library.themes.map(\.name))
        #expect(names.isSuperset(of: ["dark", "light", "high-contrast", "monochrome"]))
    }

    /// Lines and empty gauges are not text.
    private static let decoration: Set<StyleRole> = [.rule, .gaugeEmpty, .quoteBar, .tableRule]
    private static let secondary: Set<StyleRole> = [
        .muted, .header, .status, .stats, .placeholder, .panelBorder, .strike, .linkAddress, .html, .codeLanguage,
        .syntaxComment, .reasoning,
    ]

    private static func minContrast(_ role: StyleRole) -> Double {
        decoration.contains(role) ? 1.3 : secondary.contains(role) ? 3 : 4.5
    }

    /// WCAG 2: 4.5 for ordinary text and for the selection, 3 for secondary text, on every background where it appears.
    @Test(arguments: library.themes) func haveReadableContrast(theme: Theme) {
        for role in StyleRole.allCases {
            for (surface, minimum) in [
                (StyleRole.text, Self.minContrast(role)), (.panel, Self.minContrast(role)),
                (.selected, 4.5),
            ] {
                let style = theme.style(role, on: surface)
                guard let contrast = style.foreground.contrast(to: style.background) else {
                    #expect(theme.name == "monochrome")
                    continue
                }
                // Roles with a background of their own use that.
                if surface == .selected, theme.style(role, on: .panel).background == style.background { continue }
                #expect(contrast >= minimum, "\(theme.name): \(role) on \(surface)")
            }
        }
    }

    @Test(arguments: library.themes) func showTheSelection(theme: Theme) {
        for depth in ColorDepth.allCases {
            let theme = theme.adapted(to: depth)
            let selected = theme.style(.selected, on: .panel), panel = theme.style(.panel, on: .panel)
            #expect(
                selected.attributes.contains(.reverse)
                    || depth.nearest(selected.background) != depth.nearest(panel.background),
                "\(theme.name) with \(depth.rawValue) colours")
        }
    }
}

extension Theme: CustomTestStringConvertible {
    public var testDescription: String { name }
}
