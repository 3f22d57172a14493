using System.Text;
using System.Text.Json;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Puts tool calls together from fragments whose ids, indexes and names cannot be trusted.</summary>
/// <remarks>
/// Seen in the wild: the index always 0 with different ids, missing, or starting at 1; the id only in the first fragment, in every
/// one, in a later one, or in none; the name repeated. A fragment belongs to the call with its id, else to the one with its index,
/// else to the last; one that names a function after the arguments were complete begins a new call.
/// </remarks>
internal sealed class ToolCallAssembly
{
    private List<PartialCall>? _calls;

    public bool IsEmpty => _calls is null or { Count: 0 };

    /// <summary>Adds the calls of a whole message: nothing in it is a fragment.</summary>
    public void AddWhole(AnswerMessage message)
    {
        foreach (var call in message.ToolCalls ?? [])
            Begin(call).Append(call);
        AddLegacy(message);
    }

    /// <summary>Adds the fragments of a delta.</summary>
    public void AddFragments(AnswerMessage delta)
    {
        for (var i = 0; i < delta.ToolCalls?.Count; i++)
        {
            var fragment = delta.ToolCalls[i];
            (Find(fragment) ?? Begin(fragment)).Append(fragment);
        }

        AddLegacy(delta);
    }

    /// <summary>Hands the calls over, in the order in which they began.</summary>
    public void MoveTo(List<AIContent> contents)
    {
        foreach (var call in _calls ?? [])
        {
            if (!call.IsEmpty)
                contents.Add(ToolCallArguments.Read(call.ToToolCall()));
        }

        _calls = null;
    }

    private void AddLegacy(AnswerMessage message)
    {
        if (message.FunctionCall is null)
            return;

        var fragment = new ToolCall { Function = message.FunctionCall };
        (Find(fragment) ?? Begin(fragment)).Append(fragment);
    }

    private PartialCall? Find(ToolCall fragment)
    {
        if (_calls is null or { Count: 0 })
            return null;

        var hasId = !string.IsNullOrEmpty(fragment.Id);
        if (hasId && _calls.FindLast(call => call.Id == fragment.Id) is { } sameId)
            return sameId.IsContinuedBy(fragment) ? sameId : null;

        var candidate = fragment.Index is { } index ? _calls.FindLast(call => call.Index == index) : _calls[^1];
        if (candidate is null)
            return null;

        // An id that was not seen before: the late id of the candidate, or another call on the same index.
        if (hasId && candidate.Id is not null && (candidate.IsComplete || !string.IsNullOrEmpty(fragment.Function?.Name)))
            return null;
        return candidate.IsContinuedBy(fragment) ? candidate : null;
    }

    private PartialCall Begin(ToolCall fragment)
    {
        var call = new PartialCall { Index = fragment.Index };
        (_calls ??= []).Add(call);
        return call;
    }

    private sealed class PartialCall
    {
        private readonly StringBuilder _arguments = new();
        private string? _name;
        private IDictionary<string, JsonElement>? _extra;

        public int? Index { get; init; }

        public string? Id { get; private set; }

        public bool IsEmpty => Id is null && _name is null && _arguments.Length == 0;

        public bool IsComplete => ToolCallArguments.IsComplete(_arguments.ToString());

        public bool IsContinuedBy(ToolCall fragment)
        {
            if (string.IsNullOrEmpty(fragment.Function?.Name) || _name is null)
                return true;
            if (fragment.Function.Name != _name)
                return false;
            return string.IsNullOrEmpty(fragment.Function.Arguments) || !IsComplete;
        }

        public void Append(ToolCall fragment)
        {
            Id ??= string.IsNullOrEmpty(fragment.Id) ? null : fragment.Id;
            _name ??= string.IsNullOrEmpty(fragment.Function?.Name) ? null : fragment.Function.Name;
            _arguments.Append(fragment.Function?.Arguments);
            foreach (var (name, value) in fragment.Extra ?? new Dictionary<string, JsonElement>())
                (_extra ??= new Dictionary<string, JsonElement>())[name] = value;
        }

        public ToolCall ToToolCall() => new()
        {
            Id = Id,
            Type = "function",
            Function = new CalledFunction { Name = _name, Arguments = _arguments.ToString() },
            Extra = _extra,
        };
    }
}
