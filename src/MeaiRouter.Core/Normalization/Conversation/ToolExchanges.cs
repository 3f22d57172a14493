using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>
/// Gives every tool call its result directly after it. Histories get out of order by trimming, by approvals that come later, by parallel
/// tools, and by stores that number calls anew in every turn; strict providers refuse all of that.
/// </summary>
/// <remarks>What a result without a call says is not lost: it becomes the user's words. A call without a result gets one that says so.</remarks>
internal sealed class ToolExchanges
{
    private const string NoResult = "No result was given for this call.";

    private readonly Draft _draft;
    private readonly Destination _destination;
    private readonly List<Exchange> _exchanges = [];
    private readonly Dictionary<FunctionResultContent, Exchange?> _placed = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<FunctionResultContent, Exchange?> _misplaced = new(ReferenceEqualityComparer.Instance);

    private int _emitted;
    private int _resultless;

    private ToolExchanges(Draft draft, in Destination destination) => (_draft, _destination) = (draft, destination);

    public static void Repair(Draft draft, in Destination destination)
    {
        if (!IsInOrder(draft, destination))
            new ToolExchanges(draft, destination).Repair();
    }

    private static bool IsInOrder(Draft draft, in Destination destination)
    {
        var order = new ToolOrder(destination.Dialect);
        var inOrder = true;
        for (var i = 0; i < draft.Count; i++)
        {
            // Calls and results that nobody here can see cannot be put in order.
            if (Draft.IsOpaque(draft[i]) && draft[i].Role != ChatRole.User && !Draft.IsSystem(draft[i]))
                return true;
            inOrder = inOrder && order.Accept(draft[i]);
        }

        return inOrder && order.IsAnswered();
    }

    private void Repair()
    {
        Collect();
        Match();
        Name();

        var all = new List<ChatMessage>(_draft.Count);
        for (var i = 0; i < _draft.Count; i++)
            Emit(i, all);
        Note();
        _draft.Replace(all);
    }

    private void Collect()
    {
        for (var i = 0; i < _draft.Count; i++)
        {
            foreach (var call in _draft[i].Contents.OfType<FunctionCallContent>())
                _exchanges.Add(new Exchange(i, call));
        }
    }

    private void Match()
    {
        var results = new List<(int Message, FunctionResultContent Result)>();
        for (var i = 0; i < _draft.Count; i++)
        {
            foreach (var result in _draft[i].Contents.OfType<FunctionResultContent>())
                results.Add((i, result));
        }

        // Ids may repeat from turn to turn: a result belongs to the latest message before it that still waits for it, in the order of its calls.
        var left = new List<(int Message, FunctionResultContent Result)>();
        foreach (var (message, result) in results)
        {
            var open = _exchanges.FindLast(exchange => exchange.Awaits(result) && exchange.Message < message);
            if (open is null)
                left.Add((message, result));
            else
                Answer(_exchanges.Find(exchange => exchange.Awaits(result) && exchange.Message == open.Message)!, message, result);
        }

        foreach (var (message, result) in left)
        {
            if (_exchanges.Find(exchange => exchange.Awaits(result)) is { } later)
                Answer(later, message, result);
            else
                _misplaced[result] = _exchanges.FindLast(exchange => exchange.Call.CallId == result.CallId);
        }
    }

    private void Answer(Exchange exchange, int message, FunctionResultContent result)
    {
        (exchange.Result, exchange.ResultMessage) = (result, message);
        _placed[result] = exchange;
    }

    private void Name()
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var exchange in _exchanges)
        {
            var id = exchange.Call.CallId;
            exchange.WasIllegal = !CallIds.IsLegal(id, _destination.Dialect);
            exchange.Id = exchange.WasIllegal || !taken.Add(id) ? CallIds.Replace(id, _destination.Dialect, taken) : id;
        }
    }

    private void Emit(int index, List<ChatMessage> all)
    {
        var message = _draft[index];
        var exchanges = TakeThoseOf(index);
        var hasResults = message.Contents.Any(static content => content is FunctionResultContent);
        if (exchanges.Count == 0 && message.Role != ChatRole.Tool && !hasResults)
        {
            all.Add(message);
            return;
        }

        if (message.Role == ChatRole.Tool && !hasResults)
            _resultless++;

        var speaks = message.Role == ChatRole.Tool ? ChatRole.User : message.Role;
        List<AIContent> own = [];
        List<AIContent> reported = [];
        var calls = 0;
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case FunctionCallContent call:
                    var id = exchanges[calls++].Id;
                    own.Add(id == call.CallId ? call : CallIds.WithId(call, id));
                    break;
                case FunctionResultContent result:
                    if (_misplaced.TryGetValue(result, out var answered))
                        (speaks == ChatRole.User ? own : reported).AddRange(Report(result, answered));
                    break;
                default:
                    own.Add(content);
                    break;
            }
        }

        if (own.Count > 0)
            all.Add(own.SequenceEqual(message.Contents) && speaks == message.Role ? message : Copy(message, speaks, own));
        if (exchanges.Count > 0)
            EmitResults(exchanges, all);
        if (reported.Count > 0)
            all.Add(new ChatMessage(ChatRole.User, reported));
    }

    private List<Exchange> TakeThoseOf(int message)
    {
        var first = _emitted;
        while (_emitted < _exchanges.Count && _exchanges[_emitted].Message == message)
            _emitted++;
        return _exchanges.GetRange(first, _emitted - first);
    }

    private void EmitResults(List<Exchange> exchanges, List<ChatMessage> all)
    {
        var source = -1;
        foreach (var exchange in exchanges)
        {
            var result = exchange.Result is { } given
                ? given.CallId == exchange.Id ? given : ContentCopies.WithResult(given, exchange.Id, given.Result)
                : new FunctionResultContent(exchange.Id, NoResult);

            // Results that came in one message stay together in it; a missing one joins those before it.
            if (all[^1].Role == ChatRole.Tool && (exchange.Result is null || exchange.ResultMessage == source))
            {
                all[^1].Contents.Add(result);
                continue;
            }

            source = exchange.Result is null ? -1 : exchange.ResultMessage;
            var from = exchange.Result is null ? null : _draft[source];
            all.Add(from?.Role == ChatRole.Tool ? Copy(from, ChatRole.Tool, [result]) : new ChatMessage(ChatRole.Tool, [result]));
        }
    }

    private static ChatMessage Copy(ChatMessage message, ChatRole role, List<AIContent> contents)
    {
        var copy = message.Clone();
        (copy.Role, copy.Contents, copy.RawRepresentation) = (role, contents, null);
        return copy;
    }

    private static IEnumerable<AIContent> Report(FunctionResultContent result, Exchange? answered)
    {
        if (answered?.Result is { } known && ToolResults.AreSame(known, result))
            return [];

        var heading = answered is null
            ? $"Result of a tool call that is not part of this conversation ({result.CallId}):"
            : $"A further result of the tool {answered.Call.Name}:";
        return ToolResults.Contents(result) is [TextContent { AdditionalProperties: null } text]
            ? [new TextContent($"{heading}\n{text.Text}")]
            : [new TextContent(heading), .. ToolResults.Contents(result)];
    }

    // Moved is whatever does not follow in the order in which it stood.
    private bool HaveMoved()
    {
        var before = new List<FunctionResultContent>();
        for (var i = 0; i < _draft.Count; i++)
            before.AddRange(_draft[i].Contents.OfType<FunctionResultContent>().Where(_placed.ContainsKey));
        var after = _exchanges.Select(static exchange => exchange.Result).OfType<FunctionResultContent>();
        if (!before.SequenceEqual(after))
            return true;

        // In order among themselves, but perhaps not next to their calls.
        for (var i = 0; i < _exchanges.Count; i++)
        {
            if (_exchanges[i] is not { Result: not null } exchange)
                continue;
            if (exchange.ResultMessage < exchange.Message)
                return true;
            for (var between = exchange.Message + 1; between <= exchange.ResultMessage; between++)
            {
                if (_draft[between].Role != ChatRole.Tool || _draft[between].Contents.Any(static content => content is not FunctionResultContent))
                    return true;
            }
        }

        return false;
    }

    private void Note()
    {
        if (_exchanges.Exists(static exchange => exchange.WasIllegal))
            _destination.Notes.Add($"Tool-call ids that the dialect '{_destination.Dialect.Name}' does not take were rewritten.");
        if (_exchanges.Exists(static exchange => !exchange.WasIllegal && exchange.Id != exchange.Call.CallId))
            _destination.Notes.Add("Tool calls with the id of an earlier one got ids of their own.");
        if (HaveMoved())
            _destination.Notes.Add("Results of tools were put directly after their calls, in the order of these.");
        if (_exchanges.Count(static exchange => exchange.Result is null) is var open and > 0)
            _destination.Notes.Add($"Calls of tools without a result were given one that says so: {open}.");
        if (_misplaced.Count(static pair => pair.Value is null) is var orphans and > 0)
            _destination.Notes.Add($"Results of tool calls that the conversation does not hold became the user's words: {orphans}.");
        if (_resultless > 0)
            _destination.Notes.Add($"Messages of tools without a result were sent as the user's, or left out where they were empty: {_resultless}.");
        if (_misplaced.Count(static pair => pair.Value is not null) is var further and > 0)
            _destination.Notes.Add($"Further results of tool calls that had one became the user's words, or were left out where they said the same: {further}.");
    }

    private sealed class Exchange(int message, FunctionCallContent call)
    {
        public int Message => message;

        public FunctionCallContent Call => call;

        public string Id { get; set; } = call.CallId;

        public bool WasIllegal { get; set; }

        public FunctionResultContent? Result { get; set; }

        public int ResultMessage { get; set; }

        public bool Awaits(FunctionResultContent result) => Result is null && call.CallId == result.CallId;
    }
}
