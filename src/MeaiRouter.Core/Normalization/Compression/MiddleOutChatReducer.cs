using MeaiRouter.Catalog;
using MeaiRouter.Normalization.Conversation;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Compression;

/// <summary>Makes a conversation fit by leaving out what stands in its middle, which models heed least: OpenRouter's <c>middle-out</c>.</summary>
/// <remarks>
/// Messages of the system, the first and the last of the user and the very last stay; of the others as many as fit: half of the room goes to
/// the beginning and the rest to the end. A tool call and its results stay or go together. If what must stay is too much by itself,
/// long texts lose their middle. The same conversation always comes out the same, and its beginning stays as it is while it grows, so
/// that prompt caches keep hitting. The messages passed in are not changed.
/// </remarks>
public sealed class MiddleOutChatReducer : IChatReducer
{
    private readonly long _maxTokens;
    private readonly int _maxMessages;
    private readonly ITokenCounter? _counter;
    private readonly Model? _model;

    /// <summary>Creates the reducer.</summary>
    /// <param name="maxTokens">The most tokens the messages may have; <see langword="null"/> for no limit.</param>
    /// <param name="maxMessages">The most messages there may be; <see langword="null"/> for no limit.</param>
    /// <param name="counter">Counts the tokens; <see langword="null"/> estimates them at four characters each.</param>
    /// <param name="model">The model for which <paramref name="counter"/> counts; needed with it.</param>
    /// <exception cref="ArgumentException">There is no limit, or a counter without a model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit is less than 1.</exception>
    public MiddleOutChatReducer(long? maxTokens = null, int? maxMessages = null, ITokenCounter? counter = null, Model? model = null)
    {
        if (maxTokens is null && maxMessages is null)
            throw new ArgumentException($"Neither {nameof(maxTokens)} nor {nameof(maxMessages)} is set, so nothing would ever be too long. Set one.");
        if (counter is not null && model is null)
            throw new ArgumentException($"{nameof(counter)} counts the tokens of a model. Set {nameof(model)} too.", nameof(model));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens ?? 1, 1, nameof(maxTokens));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages ?? 1, 1, nameof(maxMessages));

        (_maxTokens, _maxMessages, _counter, _model) = (maxTokens ?? long.MaxValue, maxMessages ?? int.MaxValue, counter, model);
    }

    /// <inheritdoc/>
    public Task<IEnumerable<ChatMessage>> ReduceAsync(IEnumerable<ChatMessage> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IEnumerable<ChatMessage>>(Compress(messages as IReadOnlyList<ChatMessage> ?? [.. messages]).Messages);
    }

    /// <summary>Makes a conversation fit, and says what that took.</summary>
    /// <param name="messages">The conversation, which is not changed.</param>
    public CompressedConversation Compress(IReadOnlyList<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);

        var before = Tokens(messages);
        if (messages.Count == 0 || (before <= _maxTokens && messages.Count <= _maxMessages))
            return new CompressedConversation(messages, 0, 0, before, before);

        var kept = Keep(messages);
        var shortened = 0;
        if (Tokens(kept) > _maxTokens)
            kept = TextShortening.Apply(kept, shorter => Tokens(shorter) <= _maxTokens, out shortened);
        return kept.Count == messages.Count && shortened == 0
            ? new CompressedConversation(messages, 0, 0, before, before)
            : new CompressedConversation(kept, messages.Count - kept.Count, shortened, before, Tokens(kept));
    }

    private List<ChatMessage> Keep(IReadOnlyList<ChatMessage> messages)
    {
        var units = ConversationUnit.Of(messages);
        var stays = new bool[units.Count];
        MarkWhatMustStay(messages, units, stays);

        var (tokens, count) = (_maxTokens, (long)_maxMessages);
        var (tokensInFront, countInFront) = (tokens, count);
        for (var i = 0; i < units.Count; i++)
        {
            if (!stays[i])
                continue;
            var cost = Cost(messages, units[i]);
            (tokens, count) = (tokens - cost, count - units[i].Count);
            if (units[i].In(messages).Any(Draft.IsSystem))
                (tokensInFront, countInFront) = (tokensInFront - cost, countInFront - units[i].Count);
        }

        // Half of the room to the beginning, and to the end what that leaves.
        (tokensInFront, countInFront) = (tokensInFront / 2, countInFront / 2);
        for (var i = 0; i < units.Count; i++)
        {
            if (units[i].In(messages).Any(Draft.IsSystem))
                continue;
            var cost = Cost(messages, units[i]);
            if (!stays[i] && (cost > tokensInFront || units[i].Count > countInFront || !Spend(cost, units[i], ref tokens, ref count)))
                break;
            stays[i] = true;
            (tokensInFront, countInFront) = (tokensInFront - cost, countInFront - units[i].Count);
        }

        for (var i = units.Count - 1; i >= 0 && (stays[i] || Spend(Cost(messages, units[i]), units[i], ref tokens, ref count)); i--)
            stays[i] = true;

        return [.. units.Where((_, i) => stays[i]).SelectMany(unit => unit.In(messages))];
    }

    private static void MarkWhatMustStay(IReadOnlyList<ChatMessage> messages, List<ConversationUnit> units, bool[] stays)
    {
        var (firstOfUser, lastOfUser) = (-1, -1);
        for (var i = 0; i < units.Count; i++)
        {
            stays[i] = units[i].In(messages).Any(Draft.IsSystem);
            if (!units[i].In(messages).Any(static message => message.Role == ChatRole.User))
                continue;
            firstOfUser = firstOfUser < 0 ? i : firstOfUser;
            lastOfUser = i;
        }

        if (firstOfUser >= 0)
            stays[firstOfUser] = stays[lastOfUser] = true;
        stays[^1] = true;
    }

    /// <summary>Takes the cost of a unit from what is left, if there is enough.</summary>
    private static bool Spend(long cost, ConversationUnit unit, ref long tokens, ref long count)
    {
        if (cost > tokens || unit.Count > count)
            return false;

        (tokens, count) = (tokens - cost, count - unit.Count);
        return true;
    }

    private long Cost(IReadOnlyList<ChatMessage> messages, ConversationUnit unit) =>
        _maxTokens == long.MaxValue ? 0 : Tokens([.. unit.In(messages)]);

    private long Tokens(IReadOnlyList<ChatMessage> messages) =>
        _counter?.Count(messages, null, _model!) ?? PromptFacts.Of(messages, null).Estimate;
}
