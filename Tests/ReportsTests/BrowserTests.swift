import Foundation
import Reports
import Testing

/// What a browser makes of pages with hostile texts in them.
@Suite(.serialized) struct BrowserTests {
    private static let scripts = [
        "<script>document.documentElement.dataset.owned=1</script>",
        "\"><img src=x onerror=\"document.documentElement.dataset.owned=1\">",
    ]

    private func calling(_ port: UInt16) -> [String] {
        [
            "<img src=\"http://127.0.0.1:\(port)/a\">",
            "\"><link rel=stylesheet href=http://127.0.0.1:\(port)/b>",
            "<svg><image href=\"http://127.0.0.1:\(port)/c\"/></svg>",
            "<iframe src=http://127.0.0.1:\(port)/d></iframe>",
            "<meta http-equiv=refresh content=\"0;url=http://127.0.0.1:\(port)/e\">",
            "}</style><style>body{background:url(http://127.0.0.1:\(port)/f)}",
        ]
    }

    @Test func `a browser with an open page would run scripts and call`() throws {
        let (scratch, listener) = (try Scratch(), try Listener())
        let body = (Self.scripts + calling(listener.port)).joined()
        let file = try scratch.write("<!DOCTYPE html><title>open</title>\(body)", to: "open.html")
        let document = try Chromium.document(of: file, in: scratch.path)
        #expect(document.contains("data-owned"))
        #expect(listener.calls() > 0)
    }

    @Test(arguments: ReportDefinition.all.map(\.id))
    func `no script runs, nobody is called, and texts are shown as they are`(_ id: String) throws {
        let (scratch, listener) = (try Scratch(), try Listener())
        let extra = Self.scripts + calling(listener.port)
        let hostile = try Samples.hostileDocument(id, extra: extra)
        let file = try scratch.write(hostile.html(), to: "report.html")
        let document = try Chromium.document(of: file, in: scratch.path)
        #expect(listener.calls() == 0)
        #expect(!document.contains("data-owned"))
        #expect(document.contains("<title>\(hostile.definition.title) – Countersign</title>"))
        let tags = Set(document.matches(of: /<([A-Za-z][A-Za-z0-9]*)/).map(\.output.1))
        for tag in ["script", "img", "link", "image", "iframe", "object", "form", "a"] {
            #expect(!tags.contains(Substring(tag)))
        }
        #expect(document.matches(of: /<style/).count == 1)
        #expect(document.matches(of: /<h1/).count == 1)
        #expect(document.matches(of: /<meta/).count == 5)
        #expect(
            document.contains(
                "&lt;script&gt;document.documentElement.dataset.owned=1&lt;/script&gt;"))
        #expect(Samples.harmful(in: document) == [])
        let rows =
            hostile.definition.tables.filter { !$0.isDrawnOnly }.count
            * (Samples.hostile.count + extra.count + 1)
        #expect(document.matches(of: /<tr/).count == rows)
    }

    @Test func `the policy holds where markup gets in`() throws {
        let (scratch, listener) = (try Scratch(), try Listener())
        let body = (Self.scripts + calling(listener.port).prefix(3)).joined()
        let page = try Samples.volume().html().replacing("<footer>", with: body + "<footer>")
        let file = try scratch.write(page, to: "broken.html")
        let document = try Chromium.document(of: file, in: scratch.path)
        #expect(document.contains("<script>"))
        #expect(!document.contains("data-owned"))
        #expect(listener.calls() == 0)
    }
}
