import Foundation
import Inference

/// The workload and the report of `sotto bench --speculation`: a reply that edits code and one that summarises a text, with
/// and without speculative decoding.
struct SpeculationReport {
    static let conversations = [
        SpeculativeBenchmark.Conversation(
            name: "code editing",
            prompt: .messages([
                ChatTurn(
                    role: .user,
                    content: """
                        Rename the class Account to Wallet and write the whole file again:

                        ```python
                        class Account:
                            def __init__(self, owner, balance=0):
                                self.owner = owner
                                self.balance = balance
                                self.history = []

                            def deposit(self, amount):
                                if amount <= 0:
                                    raise ValueError("the amount must be positive")
                                self.balance += amount
                                self.history.append(("deposit", amount))

                            def withdraw(self, amount):
                                if amount <= 0:
                                    raise ValueError("the amount must be positive")
                                if amount > self.balance:
                                    raise ValueError("the balance is too low")
                                self.balance -= amount
                                self.history.append(("withdraw", amount))
                        ```
                        """)
            ])),
        SpeculativeBenchmark.Conversation(
            name: "summarising",
            prompt: .messages([
                ChatTurn(
                    role: .user,
                    content: """
                        Summarise this text, sentence by sentence, in its own words:

                        The lighthouse at Cape Morrow was built in 1871 by a company of forty workers from the north. \
                        Its lamp burned whale oil until 1903, when the harbour board paid for an electric light. The \
                        keeper and his family lived in the stone house beside the tower for thirty years. In the great \
                        storm of 1926 the sea broke through the lower wall and flooded the engine room. The harbour \
                        board closed the tower in 1958, and the town turned the stone house into a small museum. Today \
                        the museum is open every summer, and visitors can climb the tower to see the old lamp.
                        """)
            ])),
    ]

    let rows: [SpeculativeBenchmark]

    var table: String {
        let header = ["conversation", "tokens", "without", "with", "gain", "drafted", "accepted"]
        let cells = rows.map { row in
            [
                row.conversation, "\(row.tokens)", String(format: "%.1f tokens/s", row.without),
                String(format: "%.1f tokens/s", row.with), String(format: "× %.2f", row.gain), "\(row.drafted)",
                "\(row.accepted)" + (row.repliesAgree ? "" : " (the replies differ)"),
            ]
        }
        return TextTable.text([header] + cells)
    }

    var json: [Entry] { rows.map(Entry.init) }

    struct Entry: Encodable {
        let conversation: String
        let tokens: Int
        let tokensPerSecond: Rates
        let draftedTokens: Int
        let acceptedTokens: Int
        let repliesAgree: Bool

        struct Rates: Encodable {
            let without: Double
            let with: Double
        }

        init(_ row: SpeculativeBenchmark) {
            conversation = row.conversation
            tokens = row.tokens
            tokensPerSecond = Rates(without: row.without, with: row.with)
            draftedTokens = row.drafted
            acceptedTokens = row.accepted
            repliesAgree = row.repliesAgree
        }
    }
}

extension SpeculativeBenchmark {
    fileprivate var gain: Double { without > 0 ? with / without : 0 }
}
