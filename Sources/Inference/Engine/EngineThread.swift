import Foundation

/// The thread that an engine computes on, as a Swift executor.
///
/// Token loops run for seconds without suspending; on Swift's shared pool they would starve other tasks.
final class EngineThread: SerialExecutor {
    private let queue = JobQueue()

    init() {
        let queue = queue
        let thread = Thread { [weak self] in
            // Set on the thread itself, this is also the system's name for it.
            Thread.current.name = "engine"
            while let job = queue.next() {
                // A waiting job keeps its actor alive and the actor its executor; this reference lasts until it is done.
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

/// Jobs in order.
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

    /// Waits for a job; nil once the queue is closed and empty.
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
