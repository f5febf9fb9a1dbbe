import Reports
import Testing

struct HTMLTests {
    /// The tags that a page has.
    private func tags(_ page: String) -> Set<Substring> {
        Set(page.matches(of: /<\/?([A-Za-z!][A-Za-z0-9]*)/).map(\.output.1))
    }

    private static let own: Set<Substring> = [
        "!DOCTYPE", "html", "head", "meta", "title", "style", "body", "main", "header", "p", "h1",
        "h2", "dl", "div",
        "dt", "dd", "bdi", "section", "span", "figure", "figcaption", "ul", "li", "svg", "g",
        "text", "rect", "line",
        "table", "thead", "tbody", "tr", "th", "td", "footer", "code",
    ]

    @Test(arguments: ReportDefinition.all.map(\.id))
    func `hostile texts make no tags, no attributes, and nothing unseen`(_ id: String) throws {
        let page = try Samples.hostileDocument(id).html()
        #expect(tags(page).subtracting(Self.own) == [])
        #expect(Samples.harmful(in: page) == [])
        let attributes = Set(page.matches(of: /[ ]([a-zA-Z-]+)="[^"]*"/).map(\.output.1))
        #expect(
            !attributes.contains {
                $0.hasPrefix("on") || $0 == "href" || $0 == "src" || $0 == "style"
            })
        // Markup has no apostrophes but in the policy, and quotes stand only around attributes.
        #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("<!--"))
        if id == "sign-in-failures" {
            #expect(
                page.contains(
                    "<bdi>&lt;script&gt;document.title=&#39;owned&#39;&lt;/script&gt;</bdi>"))
            #expect(page.contains("<bdi>invoice\\u{202e}fdp.exe</bdi>"))
            #expect(page.contains("<bdi>&amp;lt;script&amp;gt;</bdi>"))
        }
    }

    @Test func `the policy forbids all but the page's own style`() throws {
        let page = try Samples.volume().html()
        #expect(
            page.contains(
                """
                <meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; \
                style-src &#39;unsafe-inline&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;">
                """))
        #expect(page.contains("<meta charset=\"utf-8\"><meta http-equiv"))
        #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\"><head>"))
        #expect(page.hasSuffix("</main></body></html>\n"))
    }

    @Test func `figures, charts and tables are there`() throws {
        let page = try Samples.volume().html()
        #expect(
            page.contains(
                "<span class=\"value\">1\u{A0}234</span><span class=\"name\">Sign-ins</span>"))
        #expect(page.contains("<li class=\"good\">Succeeded</li><li class=\"bad\">Failed</li>"))
        #expect(page.contains("role=\"img\" aria-label=\"Sign-ins\" class=\"stacked\""))
        #expect(
            page.contains("<title>2026-11-24, Succeeded: 300, Failed: 20, Not finished: 0</title>"))
        #expect(
            page.contains(
                "<td class=\"text short\"><bdi>2026-11-22</bdi></td><td class=\"count\"><bdi>410</bdi></td>"
            ))
    }

    @Test func `charts without anything to draw are left out`() throws {
        var document = try Samples.document("sign-in-pattern", [.user: "alice"])
        for table in document.definition.tables { document.rows[table.key] = [] }
        let page = document.html()
        #expect(!page.contains("<svg"))
        #expect(page.contains("<p class=\"empty\">None.</p>"))
    }
}
