import TUI

/// The areas of the screen. In a low window, the rules are left out first.
struct ScreenLayout: Sendable, Equatable {
    static let smallest = Size(width: 20, height: 6)

    var header: Rect
    var headerRule: Rect?
    /// The lines of the conversation, without the margins.
    var conversation: Rect
    var notice: Rect?
    var inputRule: Rect
    /// The draft's attachments.
    var attachments: Rect?
    /// The draft's text, without the prompt to its left.
    var input: Rect
    var statusRule: Rect?
    var status: Rect

    init(_ state: AppState) {
        let size = state.screen.size
        let isRoomy = size.height >= 10
        let inputWidth = max(1, size.width - 4)
        let inputHeight = InputContent.rowCount(
            state, width: inputWidth, limit: max(1, min(size.height / 3, size.height - 5)))

        var bottom = size.height
        func takeFromBottom(_ height: Int) -> Rect {
            bottom -= height
            return Rect(x: 0, y: bottom, width: size.width, height: height)
        }
        status = takeFromBottom(1)
        statusRule = isRoomy ? takeFromBottom(1) : nil
        input = takeFromBottom(inputHeight)
        input = Rect(x: 3, y: input.y, width: inputWidth, height: inputHeight)
        attachments = state.composer.outgoingAttachments.isEmpty || size.height < 8 ? nil : takeFromBottom(1)
        inputRule = takeFromBottom(1)
        header = Rect(x: 0, y: 0, width: size.width, height: 1)
        headerRule = isRoomy ? Rect(x: 0, y: 1, width: size.width, height: 1) : nil
        let top = isRoomy ? 2 : 1
        // Only in the lowest windows does the notice take the conversation's place.
        let noticeLimit = max(1, min(3, isRoomy ? bottom - top - 1 : bottom - top))
        if state.screen.panels.isEmpty, let notice = NoticeLines(state, width: size.width, limit: noticeLimit) {
            self.notice = takeFromBottom(notice.lines.count)
        } else {
            notice = nil
        }
        conversation = Rect(x: 1, y: top, width: size.width - 2, height: max(1, bottom - top))
    }
}
