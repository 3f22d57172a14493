using System.Text;
using System.Text.Json;

namespace MeaiRouter.Testing.Tests;

/// <summary>An answer put together from either mode, to compare as a whole.</summary>
internal sealed record Answer(string? Text, string? FinishReason, string? Usage)
{
    public string? Reasoning { get; init; }

    public string? Refusal { get; init; }

    public string ToolCalls { get; init; } = "";

    public static Answer FromWhole(string body)
    {
        var root = JsonDocument.Parse(body).RootElement;
        var choice = root.GetProperty("choices")[0];
        var answer = new Accumulator();
        answer.Add(choice.GetProperty("message"));
        return answer.ToAnswer(choice.GetProperty("finish_reason").GetString(), UsageOf(root));
    }

    public static Answer FromEvents(IEnumerable<string> events)
    {
        var answer = new Accumulator();
        string? finish = null, usage = null;
        foreach (var chunk in events.Where(static e => e != "[DONE]").Select(static e => JsonDocument.Parse(e).RootElement))
        {
            usage ??= UsageOf(chunk);
            foreach (var choice in chunk.GetProperty("choices").EnumerateArray())
            {
                answer.Add(choice.GetProperty("delta"));
                finish ??= choice.GetProperty("finish_reason").GetString();
            }
        }

        return answer.ToAnswer(finish, usage);
    }

    private static string? UsageOf(JsonElement root) =>
        root.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object ? usage.GetRawText() : null;

    private sealed class Accumulator
    {
        private readonly StringBuilder _text = new(), _reasoning = new(), _refusal = new();
        private readonly SortedDictionary<int, (string? Id, string? Name, string Arguments)> _calls = [];

        public void Add(JsonElement message)
        {
            Append(_text, "content");
            Append(_reasoning, "reasoning");
            Append(_refusal, "refusal");
            if (!message.TryGetProperty("tool_calls", out var calls))
                return;

            foreach (var (position, call) in calls.EnumerateArray().Index())
            {
                var index = call.TryGetProperty("index", out var i) ? i.GetInt32() : position;
                var (id, name, arguments) = _calls.GetValueOrDefault(index, (null, null, ""));
                var function = call.GetProperty("function");
                _calls[index] = (
                    id ?? call.GetProperty("id").GetString(),
                    name ?? function.GetProperty("name").GetString(),
                    arguments + function.GetProperty("arguments").GetString());
            }

            void Append(StringBuilder target, string field) =>
                target.Append(message.TryGetProperty(field, out var value) ? value.GetString() : null);
        }

        public Answer ToAnswer(string? finish, string? usage) => new(_text.ToString(), finish, usage)
        {
            Reasoning = _reasoning.Length > 0 ? _reasoning.ToString() : null,
            Refusal = _refusal.Length > 0 ? _refusal.ToString() : null,
            ToolCalls = string.Join("; ", _calls.Values.Select(static c => $"{c.Id} {c.Name}({c.Arguments})")),
        };
    }
}
