using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeaiRouter.Gateway.Tests.Running;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.Tests.Documentation;

/// <summary>What the gateway says of itself, against what it serves.</summary>
public sealed partial class OpenApiTests : GatewayTest
{
    private static readonly string[] Methods = ["get", "post", "patch", "delete", "put"];

    [Fact]
    public async Task Whatever_is_mapped_is_in_the_document_and_nothing_else_is()
    {
        var document = await DocumentAsync();
        var described = Operations(document).Select(static operation => $"{operation.Method} {operation.Path}").Order(StringComparer.Ordinal).ToList();

        // A segment that takes anything is an author and a slug; of a model there are also the endpoints.
        string[] mapped =
        [
            .. MappedRoutes().SelectMany(static route => !route.Contains("{**id}", StringComparison.Ordinal) ? [route]
                : route.StartsWith("get /v1/models/", StringComparison.Ordinal)
                    ? new[] { route.Replace("{**id}", "{author}/{slug}", StringComparison.Ordinal), route.Replace("{**id}", "{author}/{slug}/endpoints", StringComparison.Ordinal) }
                    : [route.Replace("{**id}", "{author}/{slug}", StringComparison.Ordinal)]),
        ];
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described);
        Assert.Contains("post /v1/chat/completions", described);
        Assert.Contains("get /openapi.json", described);
    }

    [Fact]
    public void Everything_under_v1_is_under_api_too()
    {
        var routes = AllRoutes().Where(static route => !route.Contains("{**rest}", StringComparison.Ordinal)).ToHashSet();

        Assert.All(routes.Where(static route => route.Contains(" /v1/", StringComparison.Ordinal)), route => Assert.Contains(route.Replace(" /v1/", " /api/v1/", StringComparison.Ordinal), routes));
    }

    [Fact]
    public async Task The_document_is_sound_in_itself()
    {
        var document = await DocumentAsync();

        Assert.Equal("3.1.0", (string)document["openapi"]!);
        Assert.Equal(["/", "/api"], document["servers"]!.AsArray().Select(static server => (string)server!["url"]!));
        var tags = document["tags"]!.AsArray().Select(static tag => (string)tag!["name"]!).ToList();
        var operations = Operations(document).ToList();
        Assert.Equal(operations.Count, operations.Select(static operation => (string)operation.Described["operationId"]!).Distinct().Count());
        Assert.All(operations, operation =>
        {
            Assert.Contains((string)Assert.Single(operation.Described["tags"]!.AsArray())!, tags);
            Assert.NotEmpty((string)operation.Described["summary"]!);
            Assert.NotEmpty(operation.Described["responses"]!["200"]!["content"]!.AsObject());
            var inPath = operation.Described["parameters"]?.AsArray().Where(static parameter => (string)parameter!["in"]! == "path").Select(static parameter => (string)parameter!["name"]!) ?? [];
            Assert.Equal(Braces().Matches(operation.Path).Select(static match => match.Groups[1].Value), inPath);
        });
        Assert.All(References(document), reference => Assert.NotNull(Find(document, reference)));
    }

    [Fact]
    public async Task Bodies_and_answers_are_those_of_the_wire()
    {
        var schemas = (await DocumentAsync())["components"]!["schemas"]!;

        Assert.All(["model", "messages", "temperature", "tools", "response_format", "stream", "provider", "plugins"], name => Assert.NotNull(schemas["ChatCompletionRequest"]!["properties"]![name]));
        Assert.All(["id", "choices", "usage", "provider"], name => Assert.NotNull(schemas["ChatCompletion"]!["properties"]![name]));
        Assert.All(["input", "instructions", "truncation"], name => Assert.NotNull(schemas["ResponseRequest"]!["properties"]![name]));
        Assert.All(["messages", "max_tokens", "thinking"], name => Assert.NotNull(schemas["MessagesRequest"]!["properties"]![name]));
        Assert.Equal("input_tokens", Assert.Single(schemas["TokenCount"]!["properties"]!.AsObject()).Key);
    }

    [Fact]
    public async Task The_page_shows_every_path_and_runs_and_loads_nothing()
    {
        using var response = await Gateway.OpenAsync(HttpMethod.Get, "/docs", null, key: null);
        var page = await response.Content.ReadAsStringAsync();

        Assert.Equal((200, "text/html; charset=utf-8"), ((int)response.StatusCode, response.Content.Headers.ContentType!.ToString()));
        Assert.All(Operations(await DocumentAsync()), operation => Assert.Contains($"<code>{operation.Path}</code>", page, StringComparison.Ordinal));
        var style = Regex.Match(page, "<style>(.*?)</style>", RegexOptions.Singleline).Groups[1].Value;
        Assert.Equal(
            $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.DoesNotMatch("(?i)<script|src=|url\\(|@import|https?:|style=", page);
        Assert.Equal(["openapi.json"], Regex.Matches(page, "href=\"([^\"]*)\"").Select(static link => link.Groups[1].Value));
    }

    [Theory]
    [InlineData("/openapi.json")]
    [InlineData("/docs")]
    public async Task A_setting_takes_both_away(string path)
    {
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Gateway:Docs", "false"));

        Assert.Equal(404, (await gateway.GetAsync(path, key: null)).Status);
        Assert.Equal(200, (await Gateway.GetAsync(path, key: null)).Status);
    }

    private async Task<JsonNode> DocumentAsync()
    {
        var answer = await Gateway.GetAsync("/openapi.json", key: null);
        Assert.Equal((200, "application/json"), (answer.Status, answer.ContentType));
        return answer.Json;
    }

    private IEnumerable<string> MappedRoutes() => AllRoutes().Where(static route => !route.Contains(" /api/", StringComparison.Ordinal) && !route.Contains("{**rest}", StringComparison.Ordinal));

    private IEnumerable<string> AllRoutes() => Gateway.Services.GetServices<EndpointDataSource>().SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
        .SelectMany(static endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any"]).Select(method => $"{method.ToLowerInvariant()} {endpoint.RoutePattern.RawText}"));

    private static IEnumerable<(string Path, string Method, JsonNode Described)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where Methods.Contains(operation.Key)
        select (path.Key, operation.Key, operation.Value);

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(static member => member.Key == "$ref" ? [(string)member.Value!] : References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };

    private static JsonNode? Find(JsonNode document, string reference)
    {
        var found = (JsonNode?)document;
        foreach (var step in reference.Split('/').Skip(1))
            found = found is JsonArray items ? items[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : found?[step.Replace("~1", "/", StringComparison.Ordinal)];
        return found;
    }

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Braces();
}
