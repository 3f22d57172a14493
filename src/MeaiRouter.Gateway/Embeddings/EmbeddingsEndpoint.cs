using System.Text.Json;
using MeaiRouter.Embeddings;
using MeaiRouter.Gateway.Answers;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Routes;
using MeaiRouter.OpenAI;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Embeddings;

/// <summary><c>POST /embeddings</c>: the same pipeline for OpenAI's and OpenRouter's embeddings.</summary>
internal sealed class EmbeddingsEndpoint(IChatClient router, RoutedRequests requests) : IDisposable
{
    // OpenAI's limit.
    private const int MostInputs = 2_048;

    private readonly Lazy<PipelineEmbeddingGenerator> _generator = new(() => new PipelineEmbeddingGenerator(router, leaveOpen: true));

    public async Task HandleAsync(HttpContext http, GatewayKey? key)
    {
        var request = await RequestBody.ReadAsync(http.Request, http.RequestAborted);
        RoutedRequests.Announce(http, request);
        FieldTypes.Check(request);
        var fields = new Dictionary<string, JsonElement>(request.Extra ?? new Dictionary<string, JsonElement>());
        var texts = Texts(Take(fields, "input"));
        var isBase64 = IsBase64(Take(fields, "encoding_format"));
        var options = new EmbeddingGenerationOptions { ModelId = request.Model, Dimensions = Dimensions(Take(fields, "dimensions")) };

        var routed = requests.Of(http, key, request, [.. texts.Select(static text => new ChatMessage(ChatRole.User, text))], new ChatOptions { ModelId = request.Model }, conversation: "input", isExact: false);
        var id = RequestIds.New("gen-", CallFacts.Of(http).Time);
        http.Response.Headers["X-Generation-Id"] = id;
        options.AdditionalProperties = routed.Options.WithRequestId(id).AdditionalProperties;
        if (fields.Count > 0)
            (options.AdditionalProperties ??= [])[RequestProperties.ExtraBody] = JsonSerializer.SerializeToElement<IDictionary<string, JsonElement>>(fields, WireJson.Strict.IDictionaryStringJsonElement);

        await AnswerAsync(http, id, await _generator.Value.GenerateAsync(texts, options, http.RequestAborted), isBase64);
    }

    public void Dispose()
    {
        if (_generator.IsValueCreated)
            _generator.Value.Dispose();
    }

    private static async Task AnswerAsync(HttpContext http, string id, GeneratedEmbeddings<Embedding<float>> made, bool isBase64)
    {
        var trace = made.GetRouteTrace();
        var list = new EmbeddingList
        {
            Id = id,
            Kind = "list",
            Data = [.. made.Select((embedding, index) => new EmbeddingItem { Kind = "embedding", Index = index, Embedding = new WireVector(embedding.Vector, isBase64) })],
            Model = trace?.Answer?.Model?.Id ?? made[0].ModelId,
            Provider = trace?.Answer?.Provider,
            Usage = AnswerCost.AddTo(Usage(made.Usage), trace),
            OpenRouterMetadata = RouterMetadata.IfWanted(http, trace),
        };
        ServerTiming.Write(http, trace);
        http.Response.ContentType = "application/json";
        await WholeAnswer.WriteAsync(http, list, WireJson.Strict.EmbeddingList);
    }

    private static CompletionUsage? Usage(UsageDetails? usage) => usage is null
        ? null
        : new CompletionUsage { PromptTokens = usage.InputTokenCount, TotalTokens = usage.TotalTokenCount ?? usage.InputTokenCount };

    private static JsonElement? Take(Dictionary<string, JsonElement> fields, string name) =>
        fields.Remove(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string[] Texts(JsonElement? input)
    {
        const string Expected = "a string or an array of strings, none of them empty";

        if (input is not { } given)
            throw GatewayException.Invalid($"'input' is missing. It must be {Expected}.");
        if (given.ValueKind == JsonValueKind.String)
            return given.GetString() is { Length: > 0 } text ? [text] : throw ProviderObject.Wrong("input", given, Expected);
        if (given.ValueKind != JsonValueKind.Array || given.GetArrayLength() == 0)
            throw ProviderObject.Wrong("input", given, Expected);
        if (given.GetArrayLength() > MostInputs)
            throw GatewayException.Invalid($"'input' has {given.GetArrayLength()} entries; it may have at most {MostInputs}. Send several requests.");

        var place = 0;
        var texts = new string[given.GetArrayLength()];
        foreach (var entry in given.EnumerateArray())
        {
            if (entry.ValueKind is JsonValueKind.Number or JsonValueKind.Array)
                throw GatewayException.Invalid("'input' holds token ids, which mean something else to every model. Send text.");
            texts[place] = entry.ValueKind == JsonValueKind.String && entry.GetString() is { Length: > 0 } text
                ? text
                : throw ProviderObject.Wrong($"input[{place}]", entry, "a string that is not empty");
            place++;
        }

        return texts;
    }

    private static bool IsBase64(JsonElement? format) => format is { } given
        && (given.ValueKind == JsonValueKind.String ? given.GetString() : "") switch
        {
            "float" => false,
            "base64" => true,
            _ => throw ProviderObject.Wrong("encoding_format", given, "'float' or 'base64'"),
        };

    private static int? Dimensions(JsonElement? dimensions)
    {
        if (dimensions is not { } given)
            return null;
        return given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var count) && count > 0
            ? count
            : throw ProviderObject.Wrong("dimensions", given, "a whole number of at least 1");
    }
}
