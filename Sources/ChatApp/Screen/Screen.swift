import Foundation
import TUI

/// The screen itself: its size and colours, what is shown over the conversation, and how replies are displayed.
public struct Screen: Sendable {
    public internal(set) var size: Size
    /// The theme in use: the chosen one, or the one previewed in the list of themes.
    public internal(set) var theme: Theme
    /// The name of the chosen theme.
    var themeName: String
    let colorDepth: ColorDepth
    /// Whether the terminal can follow links in the text.
    let terminalFollowsLinks: Bool
    /// Whether the mouse scrolls and selects here, or is left to the terminal.
    public internal(set) var capturesMouse: Bool
    /// The time zone of displayed times.
    let timeZone: TimeZone

    /// What plain mode shows in place of panels; nil on the full screen.
    var plain: PlainPages?
    var panels = PanelStack()
    public internal(set) var notices = NoticeQueue()
    /// How many notices there were when the last key was pressed.
    var noticesBeforeKey = 0
    /// Ctrl-C was pressed while nothing was running; pressed again it quits.
    var isQuitting = false

    /// Whether replies are shown as written, not as rendered Markdown.
    var showsSource = false
    /// Whether replies are coloured by the probability of their tokens, if these are known.
    var showsProbabilities = false
    var reasoning = ReasoningDisplay()

    let layouts = LayoutCache()
    /// For branches side by side, whose columns have another width.
    let sideLayouts = LayoutCache()
    let tokenLayouts = TokenLayoutCache()
    let tints = TintCache()

    /// - Parameter theme: the chosen theme as it was written, before it is adapted to `colorDepth`.
    init(
        size: Size, theme: Theme, colorDepth: ColorDepth, terminalFollowsLinks: Bool, capturesMouse: Bool,
        timeZone: TimeZone, isPlain: Bool
    ) {
        self.size = size
        self.theme = theme.adapted(to: colorDepth)
        themeName = theme.name
        self.colorDepth = colorDepth
        self.terminalFollowsLinks = terminalFollowsLinks
        self.capturesMouse = capturesMouse
        self.timeZone = timeZone
        plain = isPlain ? PlainPages() : nil
    }
}
