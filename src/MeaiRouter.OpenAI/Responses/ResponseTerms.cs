using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>Everything in a request but the conversation, as chat completions say it.</summary>
internal static class ResponseTerms
{
    private const int MostLogprobs = 20;

    public static ChatCompletionRequest Read(ResponseRequest request)
    {
        RefuseWhatNeedsAMemory(request);

        // Typed clients send a null for what was not set, which some providers refuse.
        var extra = request.Extra?.Where(static field => field.Value.ValueKind != JsonValueKind.Null).ToDictionary() ?? [];
        var (tools, choice) = ResponseTools.Read(request.Tools, request.ToolChoice);
        var terms = new ChatCompletionRequest
        {
            Model = request.Model,
            Stream = request.Stream,
            MaxCompletionTokens = AtLeastOne(request.MaxOutputTokens, "max_output_tokens"),
            Temperature = Finite(request.Temperature, "temperature"),
            TopP = Finite(request.TopP, "top_p"),
            TopK = request.TopK,
            FrequencyPenalty = Finite(request.FrequencyPenalty, "frequency_penalty"),
            PresencePenalty = Finite(request.PresencePenalty, "presence_penalty"),
            Tools = tools,
            ToolChoice = choice,
            ParallelToolCalls = request.ParallelToolCalls,
            ResponseFormat = ReadFormat(request.Text?.Format),
            Reasoning = ReadReasoning(request.Reasoning),
            Models = request.Models,
            Provider = request.Provider,
            Route = request.Route,
            Preset = request.Preset,
            Plugins = ReadTruncation(request.Truncation, request.Plugins),
            SessionId = request.SessionId,
            Trace = request.Trace,
            Debug = request.Debug,
        };
        if (request.Text?.Verbosity is { } verbosity)
            extra["verbosity"] = Text(verbosity);
        ReadLogprobs(request, extra);
        terms.Extra = extra.Count == 0 ? null : extra;
        return terms;
    }

    private static void RefuseWhatNeedsAMemory(ResponseRequest request)
    {
        if (request.Store == true)
            throw InvalidResponseRequests.Refused("store", "is true: nothing is kept here. Leave it out or send false, and send the whole conversation as `input`.");
        if (request.Background == true)
            throw InvalidResponseRequests.Refused("background", "is true: answers cannot be fetched later here. Leave it out, or stream the answer.");
        RefuseIfSet("previous_response_id", request.PreviousResponseId, "nothing is kept here. Send the whole conversation as `input`.");
        RefuseIfSet("conversation", request.Conversation, "nothing is kept here. Send the whole conversation as `input`.");
        RefuseIfSet("prompt", request.Prompt, "nothing is kept here. Send the prompt's text as `instructions` or `input`, or use a `preset`.");
    }

    private static void RefuseIfSet(string name, JsonElement? value, string why)
    {
        if (value is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) })
            throw InvalidResponseRequests.Refused(name, $"is set: {why}");
    }

    private static ResponseFormat? ReadFormat(ResponseTextFormat? format)
    {
        switch (format?.Type)
        {
            case null when format is null:
                return null;
            case null or "":
                throw InvalidResponseRequests.Field("text.format.type", "is missing");
            case "text" or "json_object":
                return new ResponseFormat { Type = format.Type };
            case "json_schema":
                if (format.Schema is not { ValueKind: JsonValueKind.Object } schema)
                    throw InvalidResponseRequests.Field("text.format.schema", format.Schema is null ? "is missing" : "is no object");
                return new ResponseFormat
                {
                    Type = format.Type,
                    JsonSchema = new JsonSchemaFormat { Name = format.Name, Description = format.Description, Schema = schema, Strict = format.Strict },
                };
            default:
                throw InvalidResponseRequests.Refused("text.format.type", $"is \"{format.Type}\": it must be \"text\", \"json_object\" or \"json_schema\".");
        }
    }

    // The summary is for whoever shows it; chat completions have no word for it that every provider would bear.
    private static JsonElement? ReadReasoning(ResponseReasoning? reasoning)
    {
        if (reasoning is null)
            return null;

        var written = new JsonObject();
        if (reasoning.Effort is { } effort)
            written["effort"] = effort;
        if (AtLeastOne(reasoning.MaxTokens, "reasoning.max_tokens") is { } budget)
            written["max_tokens"] = budget;
        if (reasoning.Enabled is { } enabled)
            written["enabled"] = enabled;
        foreach (var (name, value) in reasoning.Extra ?? new Dictionary<string, JsonElement>())
            written[name] = JsonNode.Parse(value.GetRawText());
        return written.Count == 0 ? null : JsonSerializer.SerializeToElement(written, WireJson.Strict.JsonObject);
    }

    // OpenAI's word for what OpenRouter has a plugin for.
    private static JsonElement? ReadTruncation(string? truncation, JsonElement? plugins)
    {
        if (truncation is null)
            return plugins;
        if (truncation is not ("auto" or "disabled"))
            throw InvalidResponseRequests.Field("truncation", $"is \"{truncation}\"");

        var all = plugins is { ValueKind: JsonValueKind.Array } given ? JsonNode.Parse(given.GetRawText())!.AsArray() : [];
        var compression = new JsonObject { ["id"] = "context-compression" };
        if (truncation == "disabled")
            compression["enabled"] = false;

        // In front: where the request also names the plugin, that counts.
        all.Insert(0, compression);
        return JsonSerializer.SerializeToElement(all, WireJson.Strict.JsonArray);
    }

    private static void ReadLogprobs(ResponseRequest request, Dictionary<string, JsonElement> extra)
    {
        var isWanted = false;
        foreach (var included in request.Include ?? [])
        {
            // Encrypted reasoning is always there: without a memory nothing else keeps it.
            if (included == ResponseIncludes.Logprobs)
                isWanted = true;
            else if (included != ResponseIncludes.EncryptedReasoning)
                throw InvalidResponseRequests.Refused(
                    "include", $"holds \"{included}\": it may hold \"{ResponseIncludes.EncryptedReasoning}\" and \"{ResponseIncludes.Logprobs}\".");
        }

        if (request.TopLogprobs is < 0 or > MostLogprobs)
            throw InvalidResponseRequests.Field("top_logprobs", $"is {request.TopLogprobs}");
        if (isWanted || request.TopLogprobs > 0)
            extra["logprobs"] = JsonElement.Parse("true");
        if (request.TopLogprobs is { } top and > 0)
            extra["top_logprobs"] = JsonElement.Parse(top.ToString(CultureInfo.InvariantCulture));
    }

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text, WireJson.Strict.String);

    private static int? AtLeastOne(int? number, string path) => number < 1 ? throw InvalidResponseRequests.Field(path, $"is {number}") : number;

    // A number such as 1e400 is read as infinity, which cannot be written again.
    private static float? Finite(float? number, string path) =>
        number is { } given && !float.IsFinite(given) ? throw InvalidResponseRequests.Field(path, "is out of range") : number;
}
