import Encoding
import Foundation
import Reports
import Testing

struct JSONTests {
    @Test func `members keep their order, and values are what they are`() throws {
        var document = try Samples.document("audit-app-users", [.application: "a\"b\\c\u{202E}"])
        document.figures = ["users": "1"]
        document.rows["users"] = [
            [
                "user": "\u{1B}é\u{1F600}\u{E0041}", "succeeded": "2", "failed": "0",
                "interrupted": "0",
                "first": "1795545240000", "last": "1795545240005",
            ]
        ]
        document.omitted = ["users": 4]
        #expect(
            document.json() == #"""
                {"report":"audit-app-users","title":"Users of applications",\#
                "question":"Which users sign in to an application?","made":"2026-11-24T18:34:00Z",\#
                "period":{"first":"2026-11-22","last":"2026-11-24"},\#
                "parameters":{"app":"a\"b\\c\u202e"},\#
                "figures":{"users":1,"refused":null,"succeeded":null,"failed":null,"interrupted":null},\#
                "tables":{"users":{"title":"Users","rows":[{"user":"\u001bé😀\udb40\udc41","succeeded":2,\#
                "failed":0,"interrupted":0,"first":"2026-11-24T18:34:00Z","last":"2026-11-24T18:34:00.005Z"}],\#
                "omitted":4}},"notes":[]}
                """#)
    }

    @Test(arguments: ReportDefinition.all.map(\.id))
    func `hostile texts come back as they were, and none stands in the open`(_ id: String) throws {
        let document = try Samples.hostileDocument(id)
        let json = document.json()
        #expect(Samples.harmful(in: json, except: []) == [])
        let value = try JSON.decode(Array(json.utf8))
        let notes = try #require(value["notes"]?.arrayValue)
        #expect(
            notes.compactMap(\.stringValue).map { Array($0.utf8) }
                == Samples.hostile.map { Array($0.utf8) })
        _ = try JSONSerialization.jsonObject(with: Data(json.utf8))
    }

    @Test func `shares are numbers`() throws {
        let json = try Samples.volume().json()
        #expect(json.contains(#""failing":6.3"#))
        #expect(json.contains(#""failing":0.0"#))
    }
}
