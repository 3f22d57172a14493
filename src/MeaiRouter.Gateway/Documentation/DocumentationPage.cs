using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace MeaiRouter.Gateway.Documentation;

/// <summary>The document as a page to read: without scripts, and without anything from elsewhere.</summary>
internal static class DocumentationPage
{
    private const string Styles = """
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff; }
        h2 { margin-top: 2.5rem; border-bottom: 1px solid #ccc; } details { margin: 0.5rem 0; border: 1px solid #ddd; border-radius: 4px; padding: 0.4rem 0.8rem; }
        summary { cursor: pointer; } code { font: 0.95em ui-monospace, monospace; overflow-wrap: anywhere; } .method { display: inline-block; width: 4.5rem; font-weight: 600; }
        table { border-collapse: collapse; width: 100%; margin: 0.5rem 0; } th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.6rem 0.2rem 0; }
        th { font-weight: 600; border-bottom: 1px solid #ddd; } .what { color: #555; }
        @media (prefers-color-scheme: dark) { body { color: #ddd; background: #161616; } h2, details, th { border-color: #444; } .what { color: #aaa; } a { color: #8ab4f8; } }
        """;

    private static readonly HtmlEncoder Html = HtmlEncoder.Default;

    /// <summary>What the page may do: show itself in its own style, which is known by its hash.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Styles)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static string Of(JsonObject document)
    {
        var page = new StringBuilder();
        var info = document["info"]!;
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>")
            .Append(Text(info["title"])).Append("</title>\n<style>").Append(Styles).Append("</style></head><body>\n<h1>").Append(Text(info["title"])).Append("</h1>\n<p>")
            .Append(Text(info["description"])).Append("</p>\n<p>Paths under <code>/v1</code> are also served under <code>/api/v1</code>. For programs: <a href=\"openapi.json\">openapi.json</a>.</p>\n");

        foreach (var tag in document["tags"]!.AsArray())
        {
            page.Append("<h2>").Append(Text(tag!["name"])).Append("</h2>\n");
            foreach (var (path, item) in document["paths"]!.AsObject())
            {
                foreach (var (method, operation) in item!.AsObject())
                {
                    if (operation is JsonObject described && (string)described["tags"]![0]! == (string)tag["name"]!)
                        Write(page, path, method, described, document["components"]!["schemas"]!.AsObject());
                }
            }
        }

        return page.Append("</body></html>\n").ToString();
    }

    private static void Write(StringBuilder page, string path, string method, JsonObject operation, JsonObject schemas)
    {
        page.Append("<details><summary><span class=\"method\">").Append(Html.Encode(method.ToUpperInvariant())).Append("</span><code>").Append(Html.Encode(path)).Append("</code> <span class=\"what\">")
            .Append(Text(operation["summary"])).Append("</span></summary>\n<p>").Append(Text(operation["description"])).Append("</p>\n");

        if (operation["parameters"] is JsonArray parameters)
        {
            page.Append("<table><tr><th>parameter</th><th>in</th><th></th></tr>");
            foreach (var parameter in parameters)
                WriteRow(page, (string)parameter!["name"]!, (string)parameter["in"]!, (bool)parameter["required"]! ? "required" : "");
            page.Append("</table>\n");
        }

        if (SchemaIn(operation["requestBody"], schemas) is { } body)
            WriteFields(page, "field of the body", body);
        if (SchemaIn(operation["responses"]!["200"], schemas) is { } answer)
            WriteFields(page, "field of the answer", answer);
        page.Append("<p class=\"what\">Answers as ").Append(Html.Encode(string.Join(" or ", operation["responses"]!["200"]!["content"]!.AsObject().Select(static content => content.Key)))).Append(".</p></details>\n");
    }

    private static void WriteFields(StringBuilder page, string heading, JsonObject schema)
    {
        if (schema["properties"] is not JsonObject properties)
            return;

        var required = schema["required"]?.AsArray().Select(static name => (string)name!).ToHashSet() ?? [];
        page.Append("<table><tr><th>").Append(heading).Append("</th><th>type</th><th></th></tr>");
        foreach (var (name, property) in properties)
            WriteRow(page, name, TypeOf(property), string.Join(", ", new[] { required.Contains(name) ? "required" : null, (string?)(property as JsonObject)?["description"] }.OfType<string>()));
        page.Append("</table>\n");
    }

    private static void WriteRow(StringBuilder page, string name, string type, string more) =>
        page.Append("<tr><td><code>").Append(Html.Encode(name)).Append("</code></td><td>").Append(Html.Encode(type)).Append("</td><td class=\"what\">").Append(Html.Encode(more)).Append("</td></tr>");

    private static JsonObject? SchemaIn(JsonNode? place, JsonObject schemas) =>
        (string?)place?["content"]?["application/json"]?["schema"]?["$ref"] is { } reference ? schemas[reference[(reference.LastIndexOf('/') + 1)..]]!.AsObject() : null;

    private static string TypeOf(JsonNode? property) => property switch
    {
        JsonObject schema when schema["type"] is JsonArray types => string.Join(" or ", types.Select(static type => (string)type!).Where(static type => type != "null")),
        JsonObject schema when schema["type"] is { } type => (string)type!,
        JsonObject schema when schema["enum"] is JsonArray words => string.Join(" or ", words.Select(static word => (string?)word).OfType<string>()),
        _ => "any",
    };

    private static string Text(JsonNode? text) => Html.Encode((string?)text ?? "");
}
