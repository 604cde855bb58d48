import TUI

/// Where two branches are: in columns, or one above the other if the window is narrow.
struct CompareLayout {
    /// The line with the title of each side.
    let titles: [Rect]
    let columns: [Rect]
    let foot: Rect
    /// Between columns; nil if one is above the other.
    let divider: Rect?

    init(_ size: Size) {
        let height = size.height - 1
        foot = Rect(x: 0, y: height - 1, width: size.width, height: 1)
        if size.width >= 60 {
            let left = (size.width - 1) / 2
            let right = Rect(x: left + 1, y: 0, width: size.width - left - 1, height: 1)
            titles = [Rect(x: 0, y: 0, width: left, height: 1), right]
            divider = Rect(x: left, y: 0, width: 1, height: height)
        } else {
            titles = [0, (height - 1) / 2].map { Rect(x: 0, y: $0, width: size.width, height: 1) }
            divider = nil
        }
        let ends = divider == nil ? [titles[1].y, foot.y] : [foot.y, foot.y]
        columns = zip(titles, ends).map { title, end in
            Rect(x: title.x + 1, y: title.y + 1, width: title.width - 2, height: end - title.y - 1)
        }
    }
}
