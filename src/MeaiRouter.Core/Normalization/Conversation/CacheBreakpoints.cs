using System.Text.Json.Nodes;
using MeaiRouter.Dialects;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>Puts the caller's marks for a prompt cache where the endpoint wants them, in its spelling and number.</summary>
/// <remarks>A mark is <c>cache_control</c> or <c>prompt_cache_breakpoint</c> on a part, a message or a tool; <c>cache_control</c> of the request as a whole asks for one at its end.</remarks>
internal sealed class CacheBreakpoints
{
    private const string Control = "cache_control";
    private const string Breakpoint = "prompt_cache_breakpoint";
    private const int OnTools = -1;

    private readonly Draft _draft;
    private readonly Destination _destination;
    private readonly CacheRules _rules;
    private readonly List<Mark> _marks = [];
    private ChatOptions _options;

    private CacheBreakpoints(Draft draft, ChatOptions options, in Destination destination) =>
        (_draft, _options, _destination, _rules) = (draft, options, destination, destination.Dialect.Caching);

    public static bool IsMarked(IReadOnlyDictionary<string, object?>? properties) =>
        ExtraBody.Has(properties, Control) || ExtraBody.Has(properties, Breakpoint);

    public static void Place(Draft draft, ref ChatOptions options, in Destination destination)
    {
        var breakpoints = new CacheBreakpoints(draft, options, destination);
        breakpoints.Collect();
        if (breakpoints._marks.Count > 0)
            breakpoints.Place();
        options = breakpoints._options;
    }

    // In the order in which a provider reads a prompt: tools, then messages.
    private void Collect()
    {
        for (var i = 0; i < _options.Tools?.Count; i++)
        {
            if (IsMarked(_options.Tools[i].AdditionalProperties))
                _marks.Add(new Mark(OnTools, i, ExtraBody.Get(_options.Tools[i].AdditionalProperties, Control)));
        }

        for (var i = 0; i < _draft.Count; i++)
        {
            var message = _draft[i];
            for (var j = 0; j < message.Contents.Count; j++)
            {
                if (IsMarked(message.Contents[j].AdditionalProperties))
                    _marks.Add(new Mark(i, j, ExtraBody.Get(message.Contents[j].AdditionalProperties, Control)));
            }

            if (IsMarked(message.AdditionalProperties))
                AddAtEndOf(i, ExtraBody.Get(message.AdditionalProperties, Control), "Marks for a prompt cache on messages were put on their last parts.");
        }

        if (!IsMarked(_options.AdditionalProperties))
            return;

        var last = _draft.Count - 1;
        while (last > 0 && LastPart(_draft[last]) < 0)
            last--;
        AddAtEndOf(last, ExtraBody.Get(_options.AdditionalProperties, Control), "The wish to cache the prompt became a mark on its last part.");
    }

    private void AddAtEndOf(int message, JsonNode? control, string note)
    {
        var part = message < 0 ? -1 : LastPart(_draft[message]);
        if (part >= 0 && _rules.Marks != CacheMarks.None)
            _destination.Notes.Add(note);

        // Marks without a part are there to be removed.
        if (part < 0 || !_marks.Exists(mark => mark.Message == message && mark.Part == part))
            _marks.Add(new Mark(message, part, control));
    }

    // Anthropic takes no mark on reasoning or on empty text.
    private static int LastPart(ChatMessage message)
    {
        for (var i = message.Contents.Count - 1; i >= 0; i--)
        {
            if (message.Contents[i] is TextContent { Text.Length: > 0 } or DataContent or UriContent or HostedFileContent or FunctionResultContent or FunctionCallContent)
                return i;
        }

        return -1;
    }

    private void Place()
    {
        var kept = Choose();
        var isRespelled = false;
        for (var i = 0; i < _marks.Count; i++)
        {
            var mark = _marks[i];
            var value = kept.Contains(mark) ? Value(mark) : null;
            if (mark.Part < 0)
                continue;
            if (mark.Message == OnTools)
                SetOnTool(mark.Part, value);
            else
                SetOnPart(mark, value);
            isRespelled |= value is not null && (mark.Control is null) != (_rules.Marks == CacheMarks.Breakpoints);
        }

        Unmark();
        if (isRespelled)
            _destination.Notes.Add("Marks for a prompt cache were respelled as the endpoint has them.");
        if (_rules.Marks == CacheMarks.None)
            _destination.Notes.Add($"Marks for a prompt cache were left out: the dialect '{_destination.Dialect.Name}' takes none.");
        else if (kept.Count < _marks.Count)
            _destination.Notes.Add($"Marks for a prompt cache that the endpoint does not take there, or not so many of, were left out: {_marks.Count - kept.Count}.");
    }

    private List<Mark> Choose()
    {
        var taken = _marks.FindAll(mark => mark.Part >= 0 && IsTaken(mark));
        var most = _rules.Marks == CacheMarks.LastPart ? 1 : _rules.MaxBreakpoints;
        if (taken.Count <= most)
            return taken;

        // The last ones hold most of this conversation; tools and system are what others share with it.
        var shared = taken.FindLastIndex(IsShared);
        var last = taken.GetRange(taken.Count - most, most);
        if (most > 1 && shared >= 0 && shared < taken.Count - most)
            last[0] = taken[shared];
        return last;
    }

    private bool IsShared(Mark mark) => mark.Message == OnTools || Draft.IsSystem(_draft[mark.Message]);

    private bool IsTaken(Mark mark) => _rules.Marks switch
    {
        CacheMarks.OnParts => true,
        CacheMarks.LastPart => mark.Message != OnTools,
        CacheMarks.Breakpoints => mark.Message != OnTools && (_draft[mark.Message].Role == ChatRole.User || Draft.IsSystem(_draft[mark.Message])),
        _ => false,
    };

    private JsonObject Value(Mark mark)
    {
        if (_rules.Marks == CacheMarks.Breakpoints)
            return new JsonObject { ["mode"] = "explicit" };

        var control = mark.Control?.DeepClone() as JsonObject ?? new JsonObject { ["type"] = "ephemeral" };
        if (!_rules.TakesOneHour && control.Remove("ttl"))
            _destination.Notes.Add("How long marked parts of the prompt are to be cached was left out: the endpoint does not take it.");
        return control;
    }

    private void SetOnPart(Mark mark, JsonObject? value)
    {
        var content = _draft[mark.Message].Contents[mark.Part];
        if (IsChange(content.AdditionalProperties, value) && ContentCopies.WithProperties(content, With(content.AdditionalProperties, value)) is { } copy)
            _draft.Edit(mark.Message).Contents[mark.Part] = copy;
    }

    private void SetOnTool(int index, JsonObject? value)
    {
        var tool = _options.Tools![index];
        if (tool is not AIFunctionDeclaration function || !IsChange(tool.AdditionalProperties, value))
            return;

        _options = RouteContext.Copy(_options);
        _options.Tools = [.. _options.Tools!];
        _options.Tools[index] = RewrittenFunction.Of(function, function.Name, function.JsonSchema, With(tool.AdditionalProperties, value) ?? []);
    }

    private bool IsChange(IReadOnlyDictionary<string, object?>? properties, JsonObject? value)
    {
        var (name, other) = _rules.Marks == CacheMarks.Breakpoints ? (Breakpoint, Control) : (Control, Breakpoint);
        return ExtraBody.Has(properties, other) || !JsonNode.DeepEquals(ExtraBody.Get(properties, name), value);
    }

    private AdditionalPropertiesDictionary? With(IReadOnlyDictionary<string, object?>? properties, JsonObject? value)
    {
        var (name, other) = _rules.Marks == CacheMarks.Breakpoints ? (Breakpoint, Control) : (Control, Breakpoint);
        return ExtraBody.With(ExtraBody.With(properties, other, null), name, value);
    }

    // Marks of whole messages and of the request have become marks of parts.
    private void Unmark()
    {
        for (var i = 0; i < _draft.Count; i++)
        {
            if (IsMarked(_draft[i].AdditionalProperties) && !Draft.IsOpaque(_draft[i]))
                _draft.Edit(i).AdditionalProperties = ExtraBody.With(ExtraBody.With(_draft[i].AdditionalProperties, Control, null), Breakpoint, null);
        }

        if (!IsMarked(_options.AdditionalProperties))
            return;
        _options = RouteContext.Copy(_options);
        _options.AdditionalProperties = ExtraBody.With(ExtraBody.With(_options.AdditionalProperties, Control, null), Breakpoint, null);
    }

    /// <param name="Message">The message, or <see cref="OnTools"/>.</param>
    /// <param name="Part">The content or the tool.</param>
    /// <param name="Control">What <c>cache_control</c> says; <see langword="null"/> where it was spelled otherwise.</param>
    private sealed record Mark(int Message, int Part, JsonNode? Control);
}
