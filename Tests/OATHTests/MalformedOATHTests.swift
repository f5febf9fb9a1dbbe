import OATH
import Testing

struct MalformedOATHTests {
    @Test func `codes are unique and kebab-case`() {
        let errors: [MalformedOATH] = [
            .digits, .period, .counter, .secretLength, .hash, .suite(at: "Q"), .dataInput("Q"),
            .secretText, .uri(member: "secret"), .tooLarge(limit: 1), .tooManyTokens(limit: 1),
            .encoding, .column(1), .fields, .missing("serial"), .duplicate("serial"),
            .value("serial"), .unsupported("kind"), .repeatedSerial(line: 1), .xml(.entity),
        ]
        let form = /[a-z0-9]+(-[a-z0-9]+)*/
        let codes = errors.map(\.code) + MalformedOATH.XMLFault.allCases.map(\.rawValue)
        for code in codes { #expect(code.wholeMatch(of: form) != nil, "\(code)") }
        #expect(Set(codes).count == codes.count)
    }
}
