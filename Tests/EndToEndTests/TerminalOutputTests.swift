import Foundation
import Testing

extension EndToEndTests {
    /// What the program writes to the terminal.
    @Suite struct TerminalOutputTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        /// Each frame is one synchronized update in which the cursor is hidden first, and shown last, at its place.
        @Test func aFrameIsOneUpdate() async throws {
            let terminal = try PseudoTerminal(fixture)
            try await terminal.wait(forText: "Write a message")
            for key in ["a", "\u{1B}OQ", "\u{1B}[B", "\u{1B}[27u"] {
                terminal.send(key)
                try await Task.sleep(for: .milliseconds(150))
            }
            terminal.send("\u{3}\u{3}")
            try await Task.sleep(for: .milliseconds(150))
            terminal.send("\u{3}")
            try await terminal.wait(for: "the end") { terminal.hasEnded }
            let written = terminal.written
            let begin = "\u{1B}[?2026h", end = "\u{1B}[?2026l"
            let frames = written.components(separatedBy: begin).dropFirst()
            #expect(frames.count >= 4)
            for (number, frame) in frames.enumerated() {
                let parts = frame.components(separatedBy: end)
                let isLast = number == frames.count - 1
                // On leaving, a frame that a crash would have cut off is ended again.
                #expect(parts.count == 2 || isLast, "frame \(number) does not end")
                let shown = parts[0].components(separatedBy: "\u{1B}[?25h")
                // Nothing is drawn while the cursor is visible.
                #expect(shown.count <= 2 && (shown.count == 1 || shown[1].isEmpty), "frame \(number)")
                if !isLast {
                    #expect(parts.last?.contains(/[a-zA-Z]{4}/) == false, "frame \(number)")
                }
            }
            // Alternate scroll is off, and on again afterwards.
            let (off, on) = (written.range(of: "\u{1B}[?1007l"), written.range(of: "\u{1B}[?1007h"))
            let first = try #require(off), last = try #require(on)
            #expect(first.upperBound <= last.lowerBound)
        }

        @Test func theSizeOfTheWindowCounts() async throws {
            let terminal = try Terminal(fixture, environment: ["COLUMNS": "40", "LINES": "10"], width: 100, height: 30)
            try await terminal.wait(for: "Write a message")
            try await terminal.wait(for: "a rule across the window") { $0.contains(String(repeating: "─", count: 90)) }
            #expect(try terminal.screen.split(separator: "\n", omittingEmptySubsequences: false).count >= 28)
        }

        /// tmux ignores what programs ask its terminals for, unless it is told otherwise.
        @Test func copiesInsideTmux() async throws {
            let terminal = try Terminal(fixture)
            try await terminal.wait(for: "Write a message")
            try terminal.send("/set max_tokens 8")
            try terminal.send("Say hello.")
            try await terminal.waitForReply()
            try await fixture.stored { $0.messages.count == 2 }
            try terminal.send("/copy")
            try await terminal.wait(for: "to tmux's buffer")
            #expect(try terminal.buffer == fixture.messages().last?.content)
        }

        @Test func leavingSaysHowToResume() async throws {
            let terminal = try Terminal(fixture)
            try await terminal.wait(for: "Write a message")
            try terminal.send("/set max_tokens 8")
            try terminal.send("Say hello.")
            try await terminal.waitForReply()
            try terminal.send("/quit")
            try await terminal.wait(for: "exit status 0")
            let name = try #require(fixture.sessionFiles.first).deletingPathExtension().lastPathComponent
            #expect(try terminal.screen.contains("To resume this session: sotto --session \(name)"))
        }

        /// A library that is loaded before the C library sets the wall clock back by an hour once a file is there.
        #if os(Linux)
            @Test func aClockThatIsSetBackStopsNothing() async throws {
                let mark = fixture.home.appending(path: "back")
                let source = """
                    #define _GNU_SOURCE
                    #include <dlfcn.h>
                    #include <sys/time.h>
                    #include <time.h>
                    #include <unistd.h>
                    static int is_back(void) { return access("\(mark.path)", F_OK) == 0; }
                    int clock_gettime(clockid_t clock, struct timespec *time) {
                        int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
                        int result = real(clock, time);
                        if (clock == CLOCK_REALTIME && is_back()) time->tv_sec -= 3600;
                        return result;
                    }
                    int gettimeofday(struct timeval *restrict time, void *restrict zone) {
                        int (*real)(struct timeval *, void *) = dlsym(RTLD_NEXT, "gettimeofday");
                        int result = real(time, zone);
                        if (is_back()) time->tv_sec -= 3600;
                        return result;
                    }
                    """
                let file = try fixture.file("clock.c", holding: Data(source.utf8))
                let library = fixture.home.appending(path: "clock.so").path
                try #require(try Command("cc", ["-shared", "-fPIC", "-o", library, file, "-ldl"]).status == 0)
                let terminal = try PseudoTerminal(fixture, environment: ["LD_PRELOAD": library])
                try await terminal.wait(forText: "Write a message")
                try Data().write(to: mark)
                terminal.send("still")
                try await terminal.wait(forText: "still")
                terminal.send(" drawn")
                try await terminal.wait(for: "the draft on disk") {
                    let drafts = try? FileManager.default.subpathsOfDirectory(atPath: fixture.home.path)
                    return drafts?.contains { $0.hasSuffix(".draft") } == true
                }
                terminal.terminate()
                try await terminal.wait(for: "the end") { terminal.hasEnded }
            }
        #endif
    }
}
