using System.Text.Json;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Requests;

/// <summary>
/// OpenRouter's <c>trace</c>: <c>trace_id</c>, <c>trace_name</c>, <c>span_name</c>, <c>generation_name</c>, <c>parent_span_id</c> and whatever else the caller
/// wants to find again. It is kept with the request's record, and no provider sees it.
/// </summary>
internal static class TraceFields
{
    private const int MostFields = 32;
    private const int LongestName = 64;
    private const int LongestValue = 512;

    /// <exception cref="GatewayException">There is more of it than is kept.</exception>
    public static void Read(ChatCompletionRequest request, ChatOptions options)
    {
        if (request.Trace is not { ValueKind: JsonValueKind.Object } trace)
            return;

        var labels = new Dictionary<string, string>();
        foreach (var field in trace.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null)
                continue;

            var value = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString()! : field.Value.GetRawText();
            if (field.Name.Length > LongestName)
                throw GatewayException.Invalid($"'trace' has a name of {field.Name.Length} characters; it may have at most {LongestName}.");
            if (value.Length > LongestValue)
                throw GatewayException.Invalid($"'trace.{field.Name}' has {value.Length} characters; it may have at most {LongestValue}.");
            labels[field.Name] = value;
        }

        if (labels.Count > MostFields)
            throw GatewayException.Invalid($"'trace' has {labels.Count} fields; it may have at most {MostFields}.");
        if (labels.Count > 0)
            options.WithTraceLabels(labels);
    }
}
