// Encodes and decodes strings with a tokenizer.json, for scripts/check-tokenizers:
//
//     tokenize-lines TOKENIZER.json lines STRINGS.json    for each string, hashes of its tokens and of the decoded text
//     tokenize-lines TOKENIZER.json time TEXT             the seconds for loading, and for encoding the text once
//     tokenize-lines TOKENIZER.json ids STRINGS.json      the tokens of each string

import Foundation
import JSON
import Tokenizers

func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

func hash(_ bytes: some Sequence<UInt8>) -> String {
    let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

let arguments = CommandLine.arguments
guard arguments.count == 4 else { fatalError("tokenize-lines TOKENIZER.json lines|time|ids FILE") }
let clock = ContinuousClock()
let file = try bytes(arguments[1])
let start = clock.now
let tokenizer = try Tokenizer(TokenizerDescription(tokenizerJSON: file, configuration: nil))
let loaded = clock.now
switch arguments[2] {
case "time":
    let text = String(decoding: try bytes(arguments[3]), as: UTF8.self)
    let before = clock.now
    let tokens = tokenizer.encode(text, parseSpecial: true)
    let after = clock.now
    print("\((loaded - start) / .seconds(1)) \((after - before) / .seconds(1)) \(tokens.count)")
default:
    for line in try JSONReader.read(try bytes(arguments[3])).array ?? [] {
        let tokens = tokenizer.encode(line.string ?? "", parseSpecial: true, addSpecial: true)
        if arguments[2] == "ids" {
            print(tokens.map(String.init).joined(separator: " "))
        } else {
            let words = tokens.flatMap { token in (0..<4).map { UInt8(truncatingIfNeeded: token >> (8 * $0)) } }
            print(hash(words) + " " + hash(tokenizer.decode(tokens).utf8))
        }
    }
}
