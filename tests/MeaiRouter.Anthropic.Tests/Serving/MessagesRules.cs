using System.Text.Json;
using System.Text.RegularExpressions;

namespace MeaiRouter.Anthropic.Tests.Serving;

/// <summary>What Anthropic's API refuses with 400, from its documentation.</summary>
internal static partial class MessagesRules
{
    private static readonly string[] Fields =
    [
        "model", "max_tokens", "messages", "system", "tools", "tool_choice", "thinking", "output_config", "stop_sequences", "stream", "metadata", "service_tier",
        "cache_control", "container", "inference_geo", "mcp_servers", "context_management", "speed",
    ];

    private static readonly string[] Sampling = ["temperature", "top_p", "top_k"];

    /// <summary>What is wrong with a request; <see langword="null"/> if nothing is.</summary>
    public static string? Problem(JsonElement body, string version)
    {
        foreach (var field in body.EnumerateObject())
        {
            if (!Fields.Contains(field.Name) && !(version == "2023-06-01" && Sampling.Contains(field.Name)))
                return $"{field.Name}: Extra inputs are not permitted";
        }

        if (!body.TryGetProperty("model", out _))
            return "model: Field required";
        if (!body.TryGetProperty("max_tokens", out var most) || most.GetInt32() < 1)
            return "max_tokens: Field required";
        if (!body.TryGetProperty("messages", out var messages) || messages.GetArrayLength() == 0)
            return "messages: at least one message is required";
        return FormatProblem(body) ?? ThinkingProblem(body, most.GetInt32()) ?? SystemProblem(body) ?? TurnsProblem(messages, body);
    }

    // Anthropic's documentation of structured outputs, in the words of https://github.com/agentjido/req_llm/issues/302.
    private static string? FormatProblem(JsonElement body)
    {
        if (!body.TryGetProperty("output_config", out var output) || !output.TryGetProperty("format", out var format))
            return null;

        return Problem(format.GetProperty("schema"));

        static string? Problem(JsonElement schema)
        {
            if (schema.ValueKind == JsonValueKind.Array)
                return schema.EnumerateArray().Select(Problem).FirstOrDefault(static problem => problem is not null);
            if (schema.ValueKind != JsonValueKind.Object)
                return null;
            if (schema.TryGetProperty("properties", out _) && !(schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind == JsonValueKind.False))
                return "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false";
            foreach (var bound in (string[])["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"])
            {
                if (schema.TryGetProperty(bound, out var value) && value.ValueKind == JsonValueKind.Number)
                    return $"output_config.format.schema: property '{bound}' is not supported";
            }

            return schema.EnumerateObject().Select(static member => Problem(member.Value)).FirstOrDefault(static problem => problem is not null);
        }
    }

    private static string? ThinkingProblem(JsonElement body, int most)
    {
        if (!body.TryGetProperty("thinking", out var thinking))
            return null;

        var model = body.GetProperty("model").GetString()!;
        var type = thinking.GetProperty("type").GetString();
        var isManual = model.Contains("-4-5", StringComparison.Ordinal) || model.Contains("3-7", StringComparison.Ordinal);
        if (type == "enabled" && model.Contains("opus-5", StringComparison.Ordinal))
            return "\"thinking.type.enabled\" is not supported for this model.";
        if (type == "adaptive" && isManual)
            return "adaptive thinking is not supported on this model";
        if (type == "enabled")
        {
            var budget = thinking.GetProperty("budget_tokens").GetInt32();
            if (budget < 1024)
                return "thinking.budget_tokens: Input should be greater than or equal to 1024";
            if (budget >= most)
                return "`max_tokens` must be greater than `thinking.budget_tokens`.";
        }

        return type != "disabled" && body.TryGetProperty("temperature", out var temperature) && temperature.GetDouble() != 1
            ? "`temperature` may only be set to 1 when thinking is enabled."
            : null;
    }

    private static string? SystemProblem(JsonElement body) =>
        body.TryGetProperty("system", out var system) && system.ValueKind == JsonValueKind.Array
        && system.EnumerateArray().Any(static block => block.GetProperty("type").GetString() != "text" || block.GetProperty("text").GetString()!.Length == 0)
            ? "system: text content blocks must be non-empty"
            : null;

    private static string? TurnsProblem(JsonElement messages, JsonElement body)
    {
        var thinks = body.TryGetProperty("thinking", out var thinking) && thinking.GetProperty("type").GetString() == "enabled";
        string[] open = [];
        string? last = null;
        for (var i = 0; i < messages.GetArrayLength(); i++)
        {
            var role = messages[i].GetProperty("role").GetString();
            var blocks = Blocks(messages[i].GetProperty("content"));
            if (role is not ("user" or "assistant"))
                return $"messages.{i}.role: Input should be 'user' or 'assistant'";
            if (role == last)
                return "messages: roles must alternate between \"user\" and \"assistant\"";
            if (i == 0 && role != "user")
                return "messages: first message must use the \"user\" role";
            if (blocks.Length == 0)
                return $"messages.{i}: all messages must have non-empty content";
            if (role == "user" && ResultsProblem(i, blocks, open) is { } unmatched)
                return unmatched;
            foreach (var block in blocks)
            {
                if (BlockProblem($"messages.{i}", role, block) is { } problem)
                    return problem;
            }

            open = [.. blocks.Where(static block => Type(block) == "tool_use").Select(static block => block.GetProperty("id").GetString()!)];
            if (thinks && open.Length > 0 && Type(blocks[0]) is not ("thinking" or "redacted_thinking"))
                return $"messages.{i}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{Type(blocks[0])}`.";
            last = role;
        }

        if (open.Length > 0)
            return "`tool_use` ids were found without `tool_result` blocks immediately after";
        return last == "assistant" && Blocks(messages[messages.GetArrayLength() - 1].GetProperty("content"))[^1] is var end && Type(end) == "text"
            && char.IsWhiteSpace(end.GetProperty("text").GetString()![^1])
                ? "messages: final assistant content cannot end with trailing whitespace"
                : null;
    }

    private static string? ResultsProblem(int index, JsonElement[] blocks, string[] open)
    {
        string[] results = [.. blocks.TakeWhile(static block => Type(block) == "tool_result").Select(static block => block.GetProperty("tool_use_id").GetString()!)];
        if (blocks.Count(static block => Type(block) == "tool_result") != results.Length)
            return $"messages.{index}: tool_result blocks must come first";
        if (results.Except(open).FirstOrDefault() is { } unknown)
            return $"messages.{index}.content: unexpected `tool_use_id` found in `tool_result` blocks: {unknown}";
        return open.Except(results).FirstOrDefault() is { } missing ? $"`tool_use` ids were found without `tool_result` blocks immediately after: {missing}" : null;
    }

    private static string? BlockProblem(string path, string? role, JsonElement block)
    {
        switch (Type(block))
        {
            case "text" when block.GetProperty("text").GetString()!.Length == 0:
                return "messages: text content blocks must be non-empty";
            case "text":
                return null;
            case "thinking" when role == "assistant":
                return block.TryGetProperty("signature", out var signature) && signature.GetString()!.StartsWith("sig", StringComparison.Ordinal)
                    ? null
                    : path + ": Invalid `signature` in `thinking` block";
            case "redacted_thinking" when role == "assistant":
                return block.GetProperty("data").GetString()!.Length > 0 ? null : path + ": Invalid `data` in `redacted_thinking` block";
            case "tool_use" when role == "assistant":
                return Id().IsMatch(block.GetProperty("id").GetString()!) && block.GetProperty("input").ValueKind == JsonValueKind.Object
                    ? null
                    : path + ".tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'";
            case "tool_result" when role == "user":
                return block.TryGetProperty("content", out var content)
                    ? Blocks(content).Select(inner => BlockProblem(path, role, inner)).FirstOrDefault(static problem => problem is not null)
                    : null;
            case "image":
                return SourceProblem(path, block, "base64", "url", "file");
            case "document" when role == "user":
                return SourceProblem(path, block, "base64", "url", "file", "text", "content");
            case "search_result" when role == "user":
                return null;
            default:
                return $"{path}: a block of the type '{Type(block)}' cannot stand here";
        }
    }

    private static string? SourceProblem(string path, JsonElement block, params string[] types)
    {
        var source = block.GetProperty("source");
        if (!types.Contains(source.GetProperty("type").GetString()))
            return path + ".source: Input tag is none of the expected tags";
        return source.GetProperty("type").GetString() == "base64" && source.GetProperty("media_type").GetString() is not ("image/jpeg" or "image/png" or "image/gif" or "image/webp" or "application/pdf")
            ? path + ".source.media_type: Input should be an image or a PDF"
            : null;
    }

    private static string? Type(JsonElement block) => block.GetProperty("type").GetString();

    private static JsonElement[] Blocks(JsonElement content) => content.ValueKind == JsonValueKind.String
        ? content.GetString()!.Length == 0 ? [] : [JsonElement.Parse("""{"type":"text","text":"x"}""")]
        : [.. content.EnumerateArray()];

    [GeneratedRegex("^[a-zA-Z0-9_-]+$")]
    private static partial Regex Id();
}
