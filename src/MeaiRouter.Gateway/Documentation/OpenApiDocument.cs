using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeaiRouter.Gateway.Authentication;
using Microsoft.AspNetCore.Routing;

namespace MeaiRouter.Gateway.Documentation;

/// <summary>The OpenAPI document (3.1) of what is mapped: it is made of the endpoints themselves, and so cannot say what is not so.</summary>
/// <remarks>
/// <c>Microsoft.AspNetCore.OpenApi</c> reads the parameters of handlers, and ours have none: they read and write the wire themselves. Of the wire's own
/// types the schemas are exported.
/// </remarks>
internal static partial class OpenApiDocument
{
    // Everything stands under both; the second is said by the servers.
    private const string Base = "/v1/";
    private const string Twin = "/api/v1/";

    public static JsonObject Of(IEnumerable<EndpointDataSource> sources)
    {
        var paths = new JsonObject();
        foreach (var (path, method, operation) in Operations(sources))
        {
            var item = paths[path]?.AsObject();
            if (item is null)
                paths[path] = item = path.StartsWith(Base, StringComparison.Ordinal) ? [] : new JsonObject { ["servers"] = Servers("/") };
            item[method.ToLowerInvariant()] = Describe(path, method, operation);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "MeaiRouter gateway",
                ["version"] = "1",
                ["description"] = "Many models, each served by many providers, behind one address. What OpenAI's, OpenRouter's and Anthropic's clients send is understood as they mean it.",
            },
            ["servers"] = Servers("/", "/api"),
            ["tags"] = new JsonArray([.. new[] { Operation.Inference, Operation.Models, Operation.Accounts, Operation.Service }.Select(static name => (JsonNode)new JsonObject { ["name"] = name })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = DocumentSchemas.All(),
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    ["apiKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-api-key" },
                },
            },
        };
    }

    private static IEnumerable<(string Path, string Method, Operation Operation)> Operations(IEnumerable<EndpointDataSource> sources)
    {
        foreach (var endpoint in sources.SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<Operation>() is not { } operation || endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not { HttpMethods: [var method, ..] })
                continue;
            var route = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (route.StartsWith(Twin, StringComparison.Ordinal))
                continue;

            var spellings = operation.Spellings.Count > 0 ? operation.Spellings.Select(spelling => Base + spelling.TrimStart('/')) : [route];
            foreach (var path in spellings)
                yield return (path, method, operation);
        }
    }

    private static JsonObject Describe(string path, string method, Operation operation)
    {
        var described = new JsonObject
        {
            ["tags"] = new JsonArray(operation.Group),
            ["operationId"] = IdOf(path, method),
            ["summary"] = operation.Summary,
            ["description"] = Join(operation.Details, KeysFor(operation.Access)),
            ["security"] = operation.Access == Access.Anyone ? [] : new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject { ["apiKey"] = new JsonArray() }),
        };
        if (Parameters(path, operation) is { Count: > 0 } parameters)
            described["parameters"] = parameters;
        if (operation.Body is { } body)
            described["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(body, ["application/json"]) };

        var responses = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = "The answer.", ["content"] = Content(operation.Answer, operation.MediaTypes) },
        };
        if (operation.Access != Access.Anyone || operation.Body is not null)
            responses["default"] = new JsonObject { ["description"] = "A refusal or a failure.", ["content"] = Content(operation.Error, ["application/json"]) };
        described["responses"] = responses;
        return described;
    }

    private static JsonArray Parameters(string path, Operation operation)
    {
        var parameters = new JsonArray();
        foreach (Match name in Braces().Matches(path))
            parameters.Add((JsonNode)Parameter(name.Groups[1].Value, "path", isRequired: true));
        foreach (var name in operation.RequiredQuery)
            parameters.Add((JsonNode)Parameter(name, "query", isRequired: true));
        foreach (var name in operation.Query)
            parameters.Add((JsonNode)Parameter(name, "query", isRequired: false));
        return parameters;
    }

    private static JsonObject Parameter(string name, string place, bool isRequired) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = isRequired,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Content(string? schema, IEnumerable<string> mediaTypes)
    {
        var content = new JsonObject();
        foreach (var mediaType in mediaTypes)
        {
            content[mediaType] = mediaType != "application/json" ? new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } }
                : schema is null ? new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } }
                : new JsonObject { ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{schema}" } };
        }

        return content;
    }

    private static JsonArray Servers(params ReadOnlySpan<string> urls)
    {
        var servers = new JsonArray();
        foreach (var url in urls)
            servers.Add((JsonNode)new JsonObject { ["url"] = url });
        return servers;
    }

    // Such as postChatCompletions or getKeysHash: clients that are generated name their methods by it.
    private static string IdOf(string path, string method)
    {
        var words = Words().Matches(path.StartsWith(Base, StringComparison.Ordinal) ? path[Base.Length..] : path).Select(static word => char.ToUpperInvariant(word.Value[0]) + word.Value[1..]);
        return method.ToLowerInvariant() + string.Concat(words);
    }

    private static string KeysFor(Access access) => access switch
    {
        Access.Inference => "Takes a key for inference.",
        Access.Management => "Takes the management key.",
        Access.Either => "Takes any key.",
        _ => "Takes no key.",
    };

    private static string Join(string? details, string keys) => details is null ? keys : $"{details} {keys}";

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Braces();

    [GeneratedRegex("[a-zA-Z]+")]
    private static partial Regex Words();
}
