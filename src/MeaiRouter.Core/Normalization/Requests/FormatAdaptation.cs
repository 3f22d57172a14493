using System.Text.Json.Nodes;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Requests;

/// <summary>Asks for the format of an answer in the strongest way the endpoint takes: schema, any JSON object, or words alone.</summary>
internal static class FormatAdaptation
{
    private const string JsonOnly = "Answer with one JSON object and nothing else: no text around it and no code fence.";

    /// <param name="asked">What the request asks for.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="draft">The options.</param>
    /// <param name="target">The endpoint.</param>
    public static void Apply(StructuredRequest asked, IReadOnlyList<ChatMessage> messages, ref OptionsDraft draft, in RequestTarget target)
    {
        var hasTools = ToolAdaptation.CountOf(draft.Current) > 0;
        if (hasTools && !target.Dialect.Tools.MayBeUsedWithFormat)
        {
            Emulate(asked, "The endpoint does not take tools and a `response_format` in one request", null, ref draft, target);
            return;
        }

        if (target.Streams && !target.Dialect.Formats.MayBeStreamed)
        {
            Emulate(asked, "The endpoint does not stream answers in a `response_format`", null, ref draft, target);
            return;
        }

        if (asked.Schema is not null && target.Rules.TakesJsonSchema)
        {
            ReduceSchema(asked, ref draft, target);
            return;
        }

        var json = target.Rules.TakesJsonObject ? ChatResponseFormat.Json : null;
        if (asked.Schema is not null)
            Emulate(asked, $"The request asks for `json_schema`, which {target.Rules.SourceOf(RequestParameters.StructuredOutputs)} does not take", json, ref draft, target);
        else if (json is null)
            Emulate(asked, $"The request asks for `json_object`, which {target.Rules.SourceOf(RequestParameters.ResponseFormat)} does not take", null, ref draft, target);
        else if (target.Dialect.Formats.JsonObjectNeedsTheWord && !HoldTheWord(messages, draft.Current))
            Say(ref draft, target);
    }

    /// <summary>Lets a request for text, or for a format that only its provider knows, through to an endpoint that takes a word on it.</summary>
    /// <exception cref="Attempts.RouterException">The endpoint takes no such word, and the format cannot be put in other words.</exception>
    public static void Admit(ref OptionsDraft draft, in RequestTarget target)
    {
        if (target.Rules.TakesResponseFormat)
            return;

        if (ExtraBody.Find(draft.Current, RequestParameters.ResponseFormat) is { } format)
        {
            if (!IsText(format))
                throw target.Unsupported(
                    $"The request asks for a `response_format` that {target.Rules.SourceOf(RequestParameters.ResponseFormat)} does not take",
                    "choose an endpoint that takes it, or ask for json_schema, which is emulated");
            draft.RemoveExtra(RequestParameters.ResponseFormat);
        }

        // Every endpoint answers in text unasked.
        if (draft.Current.ResponseFormat is ChatResponseFormatText)
            draft.Change().ResponseFormat = null;
    }

    private static bool IsText(JsonNode format) => (format as JsonObject)?["type"] is JsonValue value && value.TryGetValue<string>(out var type) && type == "text";

    private static void Say(ref OptionsDraft draft, in RequestTarget target)
    {
        target.Tell("The endpoint takes `json_object` only with the word JSON in the conversation; it was put into the instructions.");
        draft.Instruct(JsonOnly);
    }

    private static void Emulate(
        StructuredRequest asked, string finding, ChatResponseFormatJson? format, ref OptionsDraft draft, in RequestTarget target)
    {
        target.Adapt(
            finding, $"the format was put into the instructions{(format is null ? "" : ", and `json_object` was sent")}",
            "choose an endpoint that takes it, or ask for the format in words");
        draft.RemoveExtra(RequestParameters.ResponseFormat);
        draft.Change().ResponseFormat = format;
        draft.Instruct(InstructionFor(asked, ToolAdaptation.CountOf(draft.Current) > 0));
    }

    private static string InstructionFor(StructuredRequest asked, bool hasTools)
    {
        var beginning = hasTools ? "Once you call no more tools, answer" : "Answer";
        if (asked.Schema is not { } schema)
            return beginning + JsonOnly["Answer".Length..];

        var description = string.IsNullOrWhiteSpace(asked.Description) ? "" : $"\nWhat it describes: {asked.Description}";
        return $"{beginning} with one JSON value that satisfies this JSON Schema and nothing else: no text around it and no code fence.{description}\n{schema.GetRawText()}";
    }

    private static void ReduceSchema(StructuredRequest asked, ref OptionsDraft draft, in RequestTarget target)
    {
        if (target.Rules.FormatSchemas is not { } schemas || schemas.Reduce(draft.Current.ResponseFormat ?? (object)asked, asked.Schema!.Value) is not { } reduced)
            return;

        target.Tell($"The schema of the answer was sent without what the endpoint's schemas must not hold ({reduced}); descriptions say it instead.");
        if (draft.Current.ResponseFormat is ChatResponseFormatJson { Schema: not null } format)
            draft.Change().ResponseFormat = ChatResponseFormat.ForJsonSchema(reduced.Schema, format.SchemaName, format.SchemaDescription);
        if (ExtraBody.Has(draft.Current, RequestParameters.ResponseFormat))
            draft.ChangeExtra()[RequestParameters.ResponseFormat]!["json_schema"]!["schema"] = JsonObject.Create(reduced.Schema);
    }

    // Where the conversation may be shortened later, its instructions and the last words stay.
    private static bool HoldTheWord(IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        if (HoldsTheWord(options.Instructions))
            return true;

        for (var i = 0; i < messages.Count; i++)
        {
            if (i < messages.Count - 1 && messages[i].Role != ChatRole.System)
                continue;
            foreach (var content in messages[i].Contents)
            {
                if (content is TextContent text && HoldsTheWord(text.Text))
                    return true;
            }
        }

        return false;
    }

    private static bool HoldsTheWord(string? text) => text?.Contains("json", StringComparison.OrdinalIgnoreCase) == true;
}
