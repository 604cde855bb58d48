import Foundation

/// The one thread that an engine computes on, as a Swift executor.
///
/// Token loops run for seconds without a suspension; on Swift's shared pool they would starve every other task.
final class EngineThread: SerialExecutor {
    private let queue = JobQueue()

    init() {
        let queue = queue
        let thread = Thread { [weak self] in
            // Set from within, it is the system's name of the thread too.
            Thread.current.name = "engine"
            while let job = queue.next() {
                // A waiting job keeps its actor alive and the actor its executor; `self` here outlives the run itself.
                guard let self else { return }
                job.runSynchronously(on: self.asUnownedSerialExecutor())
            }
        }
        thread.stackSize = 4 << 20
        thread.start()
    }

    deinit { queue.close() }

    func enqueue(_ job: consuming ExecutorJob) { queue.append(UnownedJob(job)) }
}

/// Jobs in the order they came.
private final class JobQueue: @unchecked Sendable {
    // Unchecked because NSCondition guards every access to the two variables.
    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []
    private var isClosed = false

    func append(_ job: UnownedJob) {
        condition.withLock {
            jobs.append(job)
            condition.signal()
        }
    }

    /// Waits for a job; nil when the queue is closed and empty.
    func next() -> UnownedJob? {
        condition.withLock {
            while jobs.isEmpty {
                if isClosed { return nil }
                condition.wait()
            }
            return jobs.removeFirst()
        }
    }

    func close() {
        condition.withLock {
            isClosed = true
            condition.signal()
        }
    }
}
